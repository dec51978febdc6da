package io.sparkpeft.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text: the first column to the left, numbers to the right, columns that nobody filled left out. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... header) {
        this.header = List.of(header);
    }

    /** Adds a row; an empty cell says that there is no such value. */
    public TextTable row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(
                    "Invalid row: %d cells for %d columns".formatted(cells.length, header.size()));
        }
        rows.add(Arrays.asList(cells.clone()));
        return this;
    }

    /** The table as lines, without a line break after the last. */
    public String text() {
        List<Integer> columns = new ArrayList<>();
        for (int c = 0; c < header.size(); c++) {
            if (isFilled(c)) {
                columns.add(c);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, columns));
        lines.add("-".repeat(columns.stream().mapToInt(this::width).sum() + GAP.length() * (columns.size() - 1)));
        rows.forEach(row -> lines.add(line(row, columns)));
        return String.join("\n", lines);
    }

    private boolean isFilled(int column) {
        return column == 0 || rows.stream().anyMatch(row -> !row.get(column).isEmpty());
    }

    private int width(int column) {
        int width = length(header.get(column));
        for (List<String> row : rows) {
            width = Math.max(width, length(row.get(column)));
        }
        return width;
    }

    private String line(List<String> cells, List<Integer> columns) {
        StringBuilder line = new StringBuilder();
        for (int column : columns) {
            String cell = cells.get(column);
            String space = " ".repeat(width(column) - length(cell));
            line.append(line.isEmpty() ? "" : GAP).append(column == 0 ? cell + space : space + cell);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}

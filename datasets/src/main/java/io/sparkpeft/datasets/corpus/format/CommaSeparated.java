package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Rows of columns parted by commas, quoted as in RFC 4180: a quoted cell may hold commas and line breaks, and quotes
 * doubled. A quote inside an unquoted cell is a character like any other. Blank lines are no rows.
 */
final class CommaSeparated implements RecordReader {
    private static final String AFTER_QUOTE = "text after a closing quote";

    private final ByteInput input;
    private final CorpusSpec spec;
    private final String path;
    private final ByteBuilder cell;
    private final ByteBuilder raw;
    private final List<String> row = new ArrayList<>();
    private Optional<ColumnLayout> layout = Optional.empty();
    private String problem = "";
    private long start;

    private CommaSeparated(ByteInput input, CorpusSpec spec, String path) {
        this.input = input;
        this.spec = spec;
        this.path = path;
        cell = new ByteBuilder(spec.charset());
        raw = new ByteBuilder(spec.charset());
    }

    /** @param slice a whole file */
    static RecordReader open(FileSlice slice, CorpusSpec spec, Configuration configuration) throws IOException {
        CommaSeparated reader = new CommaSeparated(
                ByteInput.open(slice.file(), 0, configuration),
                spec,
                slice.file().path());
        if (spec.header() && reader.readRow()) {
            reader.layout = Optional.of(ColumnLayout.of(reader.row, spec, reader.path));
        }
        return reader;
    }

    @Override
    public Optional<CorpusRecord> next() throws IOException {
        if (!readRow()) {
            return Optional.empty();
        }
        if (layout.isEmpty()) {
            layout = Optional.of(ColumnLayout.of(row, spec, path));
        }
        if (!problem.isEmpty()) {
            return Optional.of(new CorpusRecord.Malformed(start, problem, "", raw.excerpt()));
        }
        return Optional.of(layout.get().record(start, List.copyOf(row), spec, raw.excerpt()));
    }

    /** Reads the next row that is not a blank line; false at the end of the file. */
    private boolean readRow() throws IOException {
        while (input.peek() >= 0) {
            start = input.position();
            row.clear();
            raw.clear();
            problem = "";
            boolean more = true;
            while (more) {
                more = readCell();
            }
            if (row.size() > 1 || !row.get(0).isBlank() || !problem.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Reads a cell and what ends it; whether the row goes on. */
    private boolean readCell() throws IOException {
        cell.clear();
        boolean quoted = input.peek() == '"';
        if (quoted) {
            take();
            readQuoted();
        }
        int value = take();
        while (value != ',' && value != '\n' && value >= 0) {
            cell.add(value);
            if (quoted && value != '\r') {
                problem = AFTER_QUOTE;
            }
            value = take();
        }
        if (value != ',') {
            cell.dropLast('\r');
        }
        Optional<String> text = cell.isTooLong() ? Optional.empty() : cell.decode();
        if (text.isEmpty()) {
            problem = cell.problem();
        }
        row.add(text.orElse(""));
        return value == ',';
    }

    private void readQuoted() throws IOException {
        while (true) {
            int value = take();
            if (value < 0) {
                throw DatasetException.input(
                        "Cannot read %s: a quote is opened in the row at byte %d and never closed", path, start);
            }
            if (value == '"' && input.peek() != '"') {
                return;
            }
            if (value == '"') {
                take();
            }
            cell.add(value);
        }
    }

    private int take() throws IOException {
        int value = input.read();
        if (value >= 0) {
            raw.add(value);
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}

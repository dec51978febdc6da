package io.sparkpeft.dl4j.finetune.table;

import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Reads numbers and the label out of a row: numbers, texts that are numbers, or arrays of numbers.
 *
 * @param features positions of the feature columns
 * @param label position of the label's
 * @param width numbers that the network takes
 */
record TableParser(List<Integer> features, int label, int width) implements Function<Row, TableRow> {
    @Override
    public TableRow call(Row row) {
        float[] values = new float[width];
        int count = 0;
        for (int column : features) {
            if (row.isNullAt(column)) {
                return TableRow.unusable("column %s is empty".formatted(name(row, column)));
            }
            Object cell = row.get(column);
            if (cell instanceof Seq<?> several) {
                for (Iterator<?> each = several.iterator(); each.hasNext(); count++) {
                    put(values, count, each.next());
                }
            } else {
                put(values, count++, cell);
            }
            if (count <= width && count > 0 && !Float.isFinite(values[count - 1])) {
                return TableRow.unusable("column %s holds %s, which is no number".formatted(name(row, column), cell));
            }
        }
        if (count != width) {
            return TableRow.unusable("it has %d numbers where the network takes %d".formatted(count, width));
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return TableRow.unusable("an array holds what is no number");
            }
        }
        return row.isNullAt(label) || String.valueOf(row.get(label)).isBlank()
                ? TableRow.unusable("column %s is empty".formatted(name(row, label)))
                : new TableRow(values, String.valueOf(row.get(label)).strip(), "");
    }

    private static String name(Row row, int column) {
        return row.schema().fieldNames()[column];
    }

    private static void put(float[] values, int index, Object cell) {
        if (index < values.length) {
            values[index] = number(cell);
        }
    }

    /** Not a number where it is none. */
    private static float number(Object cell) {
        if (cell instanceof Number number) {
            return number.floatValue();
        }
        try {
            return cell instanceof String text ? Float.parseFloat(text.strip()) : Float.NaN;
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }
}

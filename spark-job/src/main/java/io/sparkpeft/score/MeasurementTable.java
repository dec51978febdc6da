package io.sparkpeft.score;

import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.TextTable;
import io.sparkpeft.run.Measurement;
import java.util.Map;
import java.util.stream.Stream;

/** What was measured of one model, a row for each split. */
public final class MeasurementTable {
    private static final String[] KEYS = Stream.of(
                    Metric.ACCURACY.key(),
                    Metric.MACRO_F1.key(),
                    Metric.MATTHEWS.key(),
                    Metric.CROSS_ENTROPY.key(),
                    Measurement.PERPLEXITY,
                    Measurement.RETENTION)
            .toArray(String[]::new);

    private MeasurementTable() {}

    /** @param measured by split */
    public static TextTable of(Map<String, Measurement> measured) {
        TextTable table = new TextTable(cells("", "examples", KEYS));
        measured.forEach((split, measurement) -> table.row(cells(
                split,
                "%,d".formatted(measurement.examples()),
                Stream.of(KEYS)
                        .map(key -> measurement.values().get(key))
                        .map(value -> value == null ? "" : Amounts.decimal(value))
                        .toArray(String[]::new))));
        return table;
    }

    private static String[] cells(String first, String second, String[] others) {
        return Stream.concat(Stream.of(first, second), Stream.of(others)).toArray(String[]::new);
    }
}

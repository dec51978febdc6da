package io.sparkpeft.benchmark.figure;

import java.util.Arrays;

/**
 * Repeated measurements.
 *
 * @param median of them; the mean of the middle two where their number is even
 * @param minimum of them
 * @param maximum of them
 */
public record Spread(double median, double minimum, double maximum) {
    public static Spread of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("Invalid measurements: there are none");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}

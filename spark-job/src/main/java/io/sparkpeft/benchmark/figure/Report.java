package io.sparkpeft.benchmark.figure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.console.Lines;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a benchmark found: figures with their names, for people and for scripts. */
public final class Report {
    private final Lines lines = new Lines();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /** @param benchmark what was measured */
    public Report(String benchmark) {
        values.put("benchmark", benchmark);
    }

    /** A condition of the measurement, such as the processor. */
    public Report condition(String key, Object value) {
        values.put(key, value);
        lines.add(key, value);
        return this;
    }

    /**
     * A figure.
     *
     * @param key its name in JSON, with its unit
     * @param name its name for people
     * @param pattern how people read it, with one place for a number
     */
    public Report figure(String key, double value, String name, String pattern) {
        values.put(key, value);
        lines.add(name, String.format(Locale.ROOT, pattern, value));
        return this;
    }

    /** Median, minimum and maximum; the keys are {@code prefix_median_unit} and so on. */
    public Report spread(String prefix, String unit, double[] measured, String name) {
        return spread(prefix, unit, Spread.of(measured), name);
    }

    public Report spread(String prefix, String unit, Spread spread, String name) {
        values.put(prefix + "_median_" + unit, spread.median());
        values.put(prefix + "_min_" + unit, spread.minimum());
        values.put(prefix + "_max_" + unit, spread.maximum());
        String text = String.format(
                Locale.ROOT, "%.2f %s (%.2f to %.2f)", spread.median(), unit, spread.minimum(), spread.maximum());
        lines.add(name, text);
        return this;
    }

    /** What each kernel took, in order; figures by their names in JSON. */
    public Report kernels(Map<String, Map<String, Double>> kernels) {
        values.put("kernels", kernels);
        kernels.forEach((kernel, figures) -> lines.add(
                "  " + kernel,
                String.format(
                        Locale.ROOT,
                        "%5.1f %%  %8.3f ms a step  %7.1f calls  %7.1f GFLOP/s  %6.1f GB/s",
                        figures.get("share") * 100,
                        figures.get("ms"),
                        figures.get("calls"),
                        figures.get("gflop_per_second"),
                        figures.get("gigabytes_per_second"))));
        return this;
    }

    /** The figures by their names in JSON. */
    public Map<String, Object> values() {
        return Map.copyOf(values);
    }

    /** One line of JSON. */
    public String json() {
        try {
            return new ObjectMapper().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the report of " + values.get("benchmark"), e);
        }
    }

    /** One line for each figure, the values under one another. */
    public List<String> text() {
        return lines.close();
    }
}

package io.sparkpeft.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.train.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was measured of one model state.
 *
 * @param examples of the task that were scored
 * @param values by name: accuracy, macro-f1, matthews, cross-entropy, perplexity; retention-ce is the cross-entropy of
 *     the pre-training objective on the generic sample, in nats per token
 */
public record Measurement(long examples, Map<String, Double> values) {
    public static final String RETENTION = "retention-ce";

    public static final String PERPLEXITY = "perplexity";

    /**
     * What an evaluation on the task says.
     *
     * @param languageModel whether it has no classes
     */
    public static Measurement of(Evaluation evaluation, boolean languageModel) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (!languageModel) {
            values.put(Metric.ACCURACY.key(), evaluation.accuracy());
            values.put(Metric.MACRO_F1.key(), evaluation.macroF1());
            values.put(Metric.MATTHEWS.key(), evaluation.matthews());
        }
        values.put(Metric.CROSS_ENTROPY.key(), evaluation.crossEntropy());
        if (languageModel) {
            values.put(PERPLEXITY, evaluation.perplexity());
        }
        return new Measurement(evaluation.examples(), values);
    }

    /** As {@code result.json} has it. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("examples", examples);
        row.putAll(values);
        return row;
    }

    /**
     * The value of the metric that decides.
     *
     * @throws IllegalStateException if it was not measured
     */
    public double value(Metric metric) {
        Double value = values.get(metric.key());
        if (value == null) {
            throw new IllegalStateException(
                    "Cannot read metric %s: measured were %s".formatted(metric.key(), values.keySet()));
        }
        return value;
    }

    /** Cross-entropy on the generic sample, where there is one. */
    @JsonIgnore
    public OptionalDouble retention() {
        Double value = values.get(RETENTION);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** ΔCE: by how much the cross-entropy on the generic sample rose since another evaluation. */
    public OptionalDouble deltaCe(Measurement since) {
        return retention().isPresent() && since.retention().isPresent()
                ? OptionalDouble.of(
                        retention().getAsDouble() - since.retention().getAsDouble())
                : OptionalDouble.empty();
    }
}

package io.sparkpeft.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the run on this driver goes, for Spark's metrics system. For those who watch only: nothing reads it back. A gauge
 * is not a number until it was measured.
 */
public final class RunGauges {
    /** Rounds done in this start of the run. */
    private static final String ROUNDS = "rounds";

    /** Examples trained on in this start of the run. */
    private static final String EXAMPLES = "examples";

    /** Tokens trained on in this start of the run. */
    private static final String TOKENS = "tokens";

    /** Tokens of the last round by its seconds. */
    private static final String TOKENS_PER_SECOND = "tokens-per-second";

    /** All names; those of a round and of an evaluation are the keys of {@code metrics.jsonl}. */
    static final List<String> NAMES = List.of(
            ROUNDS,
            EXAMPLES,
            TOKENS,
            TOKENS_PER_SECOND,
            "phase",
            "round",
            "loss",
            "learning-rate",
            "seconds",
            "bytes-down",
            "bytes-up",
            "accuracy",
            "macro-f1",
            "matthews",
            "cross-entropy",
            "perplexity",
            "retention-ce");

    private static final Map<String, Double> VALUES = new ConcurrentHashMap<>();

    private RunGauges() {}

    /** Makes every gauge visible. */
    static void register(MetricRegistry registry) {
        for (String name : NAMES) {
            Gauge<Double> gauge = () -> VALUES.getOrDefault(name, Double.NaN);
            registry.register(name, gauge);
        }
    }

    /** Forgets what a run before this one showed. */
    public static void clear() {
        VALUES.clear();
    }

    /** Shows a round: its own numbers, and with those of the rounds before it rounds, examples and tokens in all. */
    public static void round(Map<String, ?> values) {
        Map<String, Object> own = new HashMap<>(values);
        double tokens = ((Number) own.remove(TOKENS)).doubleValue();
        VALUES.merge(TOKENS, tokens, Double::sum);
        VALUES.merge(EXAMPLES, ((Number) own.remove(EXAMPLES)).doubleValue(), Double::sum);
        VALUES.merge(ROUNDS, 1.0, Double::sum);
        VALUES.put(TOKENS_PER_SECOND, tokens / ((Number) values.get("seconds")).doubleValue());
        set(own);
    }

    /** Sets the gauges whose names are among the keys; other values are left aside. */
    public static void set(Map<String, ?> values) {
        for (String name : NAMES) {
            if (values.get(name) instanceof Number number) {
                VALUES.put(name, number.doubleValue());
            }
        }
    }
}

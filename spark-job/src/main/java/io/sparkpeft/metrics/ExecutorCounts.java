package io.sparkpeft.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;

/** What training tasks of this JVM have done, those that are done again included; for those who watch only. */
public final class ExecutorCounts {
    private static final LongAdder TASKS = new LongAdder();
    private static final LongAdder EXAMPLES = new LongAdder();
    private static final LongAdder TOKENS = new LongAdder();

    private ExecutorCounts() {}

    static void register(MetricRegistry registry) {
        register(registry, "executor.tasks", TASKS);
        register(registry, "executor.examples", EXAMPLES);
        register(registry, "executor.tokens", TOKENS);
    }

    private static void register(MetricRegistry registry, String name, LongAdder counter) {
        Gauge<Long> gauge = counter::sum;
        registry.register(name, gauge);
    }

    /** One task is done. */
    public static void add(long examples, long tokens) {
        TASKS.increment();
        EXAMPLES.add(examples);
        TOKENS.add(tokens);
    }
}

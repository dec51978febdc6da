package io.sparkpeft.benchmark;

/**
 * How long is measured.
 *
 * @param steps measured steps
 * @param warmup steps before them, which the JIT compiler needs
 * @param tasks threads at once
 * @param profiled steps after them whose kernels are counted one by one, by one thread; 0: none
 */
public record Measure(int steps, int warmup, int tasks, int profiled) {
    public Measure {
        if (steps < 0 || warmup < 0 || tasks < 1 || profiled < 0) {
            throw new IllegalArgumentException(
                    "Invalid measure: --steps %d, --warmup %d and --profile-steps %d must not be negative, --tasks %d not below 1"
                            .formatted(steps, warmup, profiled, tasks));
        }
    }

    Measure withSteps(int other) {
        return new Measure(other, warmup, tasks, profiled);
    }
}

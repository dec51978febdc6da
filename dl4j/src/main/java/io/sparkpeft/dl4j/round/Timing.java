package io.sparkpeft.dl4j.round;

import java.util.function.Supplier;

/** How long the driver waits for what it asks of the cluster. */
final class Timing {
    private Timing() {}

    /** Does it and tells the listener when it began and how long it took. */
    static <T> T of(RoundListener listener, String name, Supplier<T> action) {
        long began = System.currentTimeMillis();
        long start = System.nanoTime();
        T result = action.get();
        listener.timed(name, began, (System.nanoTime() - start) / 1_000_000);
        return result;
    }
}

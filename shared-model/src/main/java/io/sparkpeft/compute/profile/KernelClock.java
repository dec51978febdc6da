package io.sparkpeft.compute.profile;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;

/** Counts work as it is done, in arrays made once. For one thread. */
final class KernelClock {
    private final long[] calls = new long[Kernel.values().length];
    private final long[] nanoseconds = new long[calls.length];
    private final long[] operations = new long[calls.length];
    private final long[] bytes = new long[calls.length];
    private long started;

    void start() {
        started = System.nanoTime();
    }

    /** Counts the work since {@link #start} by the kernel's factors. */
    void stop(Kernel kernel, long elements) {
        stop(kernel, kernel.operations(elements), kernel.bytes(elements));
    }

    void stop(Kernel kernel, long operationsDone, long bytesMoved) {
        add(kernel, 1, elapsed(), operationsDone, bytesMoved);
    }

    /** Counts an {@link Kernel#ADD_SAMPLED_PRODUCT} since {@link #start}. */
    void stopSampledProduct(Tensor left, Tensor right, Entries entries) {
        stop(
                Kernel.ADD_SAMPLED_PRODUCT,
                Kernel.ADD_SAMPLED_PRODUCT.operations((long) left.rows() * entries.count()),
                Float.BYTES * ((long) left.size() + right.size() + 3L * entries.count()));
    }

    /** Nanoseconds since {@link #start}. */
    long elapsed() {
        return System.nanoTime() - started;
    }

    /** Counts work that was timed elsewhere, by the kernel's factors. */
    void add(Kernel kernel, long took, long elements) {
        add(kernel, 1, took, kernel.operations(elements), kernel.bytes(elements));
    }

    /** Counts calls that were timed elsewhere. */
    void add(Kernel kernel, long callsMade, long took, long operationsDone, long bytesMoved) {
        int k = kernel.ordinal();
        nanoseconds[k] += took;
        calls[k] += callsMade;
        operations[k] += operationsDone;
        bytes[k] += bytesMoved;
    }

    /** What was counted since the last call, or since the start. */
    KernelProfile drain() {
        KernelProfile profile = KernelProfile.NONE;
        for (Kernel kernel : Kernel.values()) {
            int k = kernel.ordinal();
            if (calls[k] > 0) {
                profile =
                        profile.plus(kernel, new KernelProfile.Work(calls[k], nanoseconds[k], operations[k], bytes[k]));
            }
            calls[k] = 0;
            nanoseconds[k] = 0;
            operations[k] = 0;
            bytes[k] = 0;
        }
        return profile;
    }
}

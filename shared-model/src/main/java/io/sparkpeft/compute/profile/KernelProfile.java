package io.sparkpeft.compute.profile;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;

/**
 * What kernels did and how long it took them. Adding is exact, so the sum is the same in any order.
 *
 * @param work of each kernel that was called
 */
public record KernelProfile(Map<Kernel, Work> work) implements Serializable {
    public static final KernelProfile NONE = new KernelProfile(Map.of());

    public KernelProfile {
        EnumMap<Kernel, Work> copy = new EnumMap<>(Kernel.class);
        copy.putAll(work);
        work = java.util.Collections.unmodifiableMap(copy);
    }

    /**
     * The work of one kernel.
     *
     * @param calls how often it ran
     * @param nanoseconds in all calls
     * @param operations floating-point operations that it had to do
     * @param bytes that it had to move
     */
    public record Work(long calls, long nanoseconds, long operations, long bytes) implements Serializable {
        public static final Work NONE = new Work(0, 0, 0, 0);

        public Work plus(Work other) {
            return new Work(
                    calls + other.calls,
                    nanoseconds + other.nanoseconds,
                    operations + other.operations,
                    bytes + other.bytes);
        }

        public double seconds() {
            return nanoseconds / 1e9;
        }

        /** 10⁹ operations a second; 0 where no time was measured. */
        public double gigaflops() {
            return nanoseconds == 0 ? 0 : (double) operations / nanoseconds;
        }

        /** 10⁹ bytes a second; 0 where no time was measured. */
        public double gigabytes() {
            return nanoseconds == 0 ? 0 : (double) bytes / nanoseconds;
        }
    }

    /** The work of a kernel, nothing where it was not called. */
    public Work of(Kernel kernel) {
        return work.getOrDefault(kernel, Work.NONE);
    }

    /** The work of all kernels together. */
    public Work total() {
        return work.values().stream().reduce(Work.NONE, Work::plus);
    }

    /** Share of a kernel in the time of all, 0 to 1. */
    public double share(Kernel kernel) {
        long all = total().nanoseconds();
        return all == 0 ? 0 : (double) of(kernel).nanoseconds() / all;
    }

    public KernelProfile plus(KernelProfile other) {
        Map<Kernel, Work> sum = new EnumMap<>(Kernel.class);
        sum.putAll(work);
        other.work.forEach((kernel, more) -> sum.merge(kernel, more, Work::plus));
        return new KernelProfile(sum);
    }

    KernelProfile plus(Kernel kernel, Work more) {
        return plus(new KernelProfile(Map.of(kernel, more)));
    }
}

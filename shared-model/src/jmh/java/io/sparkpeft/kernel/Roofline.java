package io.sparkpeft.kernel;

import io.sparkpeft.compute.profile.KernelProfile;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The two axes of a roofline, beside the time of every kernel: 10⁹ operations and 10⁹ bytes a second, of what the kernel
 * must at least do. Counted in millions while the throughput is by milliseconds, which comes to the same.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Roofline {
    private static final double MILLION = 1e6;

    public double gigaflops;
    public double gigabytes;

    /** Counts one call of a kernel that does so much. */
    void count(KernelProfile.Work work) {
        gigaflops += work.operations() / MILLION;
        gigabytes += work.bytes() / MILLION;
    }

    /** The work of a kernel that no backend counts. */
    static KernelProfile.Work work(long operations, long bytes) {
        return new KernelProfile.Work(1, 0, operations, bytes);
    }
}

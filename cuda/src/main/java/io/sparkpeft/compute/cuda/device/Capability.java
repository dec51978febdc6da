package io.sparkpeft.compute.cuda.device;

/**
 * A device's compute capability, as NVIDIA counts them: 8.6 is newer than 7.5.
 *
 * @param major generation
 * @param minor variant of it
 */
public record Capability(int major, int minor) implements Comparable<Capability> {
    /** The lowest that CUDA 13 compiles for. */
    public static final Capability LOWEST = new Capability(7, 5);

    /** Tensor cores take TF32 and bfloat16 from this one on. */
    public static final Capability LOWEST_FOR_SHORT_NUMBERS = new Capability(8, 0);

    @Override
    public int compareTo(Capability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    /** As a compiler names the machine code: sm_90. */
    public String architecture() {
        return "sm_" + major + minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}

package io.sparkpeft.compute.cuda.device;

/**
 * What a GPU is.
 *
 * @param index its place among those that the driver shows to this process, from 0
 * @param uuid its unchanging name, as nvidia-smi prints it
 * @param name what it is sold as
 * @param capability what machine code it runs
 * @param memory bytes
 * @param multiprocessors that run blocks side by side
 */
public record DeviceFacts(
        int index, String uuid, String name, Capability capability, long memory, int multiprocessors) {
    private static final long MEBIBYTE = 1 << 20;

    /** Whether a task's GPU, named by index or UUID, is this one. */
    public boolean isAt(String address) {
        return address.equals(uuid) || address.equals(Integer.toString(index));
    }

    /** In words. */
    public String text() {
        return "%s (GPU %d, compute capability %s, %d MiB, %d multiprocessors)"
                .formatted(name, index, capability, memory / MEBIBYTE, multiprocessors);
    }
}

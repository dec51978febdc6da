package io.sparkpeft.compute.cuda.device;

/**
 * What a GPU does: holds memory, copies, runs kernels by name and multiplies matrices. All that is above this interface
 * runs on any machine that has the same kernels. Copies, kernels and products are done in the order of the calls, later
 * than these return, unless the text says otherwise. For one thread at a time.
 */
public interface Device extends AutoCloseable {
    DeviceFacts facts();

    /**
     * New memory, whose content is undefined.
     *
     * @return its address, a multiple of 256
     * @throws DeviceException if there is not enough
     */
    long allocate(long bytes);

    /** Gives memory back; waits for what uses it. */
    void free(long address);

    /** Memory of the machine for {@link #upload} and {@link #download}. */
    HostMemory allocateHost(int bytes);

    /** Gives it back; what copies it must have been waited for. */
    void freeHost(HostMemory memory);

    /** Copies rows that lie without gaps from {@code offset} on, which must not change until {@link #synchronise}. */
    void upload(HostMemory source, int offset, Region target);

    /** Copies rows, without gaps, to {@code offset}; they are there after {@link #synchronise}. */
    void download(Region source, HostMemory target, int offset);

    /**
     * Runs a kernel.
     *
     * @param slots its arguments, 8 bytes each: addresses, numbers of 64 or 32 bits, or the bits of floats; read before
     *     the call returns
     * @param count how many of the slots are arguments
     */
    void launch(String kernel, Geometry geometry, long[] slots, int count);

    void multiply(Product product, Operand a, Operand b, Operand c);

    /**
     * Keeps copies, kernels and products instead of doing them.
     *
     * @param work asks this device for them, and for nothing else
     * @throws DeviceException if they cannot be kept; nothing of them was done then, and the device works as before
     */
    DeviceGraph capture(Runnable work);

    /** Waits until all that was asked for is done. May be called from any thread. */
    void synchronise();

    @Override
    void close();
}

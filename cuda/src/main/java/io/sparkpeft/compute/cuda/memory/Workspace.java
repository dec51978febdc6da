package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;

/**
 * The memory of one backend on its device.
 *
 * @param device whose memory it is; closed with this
 * @param arena all of it
 * @param staging the way to and from it
 * @param scratch of kernels
 * @param indices of masks
 * @param factors of products in 16 bits
 */
public record Workspace(
        Device device, DeviceArena arena, Staging staging, Scratch scratch, IndexCache indices, RoundedFactors factors)
        implements AutoCloseable {
    /** Memory that counts against a budget. */
    public static Workspace of(Device device, MemoryBudget budget) {
        return of(device, budget, RoundedFactors.SHARED);
    }

    /**
     * The same.
     *
     * @param shared bytes of rounded factors that are kept for the next products; 0: each product rounds its own
     */
    public static Workspace of(Device device, MemoryBudget budget, long shared) {
        DeviceArena arena = new DeviceArena(device, budget);
        RoundedFactors factors = new RoundedFactors(arena, shared);
        arena.whenShort(factors::makeRoom);
        Staging staging = new Staging(device, arena, factors);
        Scratch scratch = new Scratch(device, arena, factors);
        return new Workspace(device, arena, staging, scratch, new IndexCache(staging, arena), factors);
    }

    /** Waits for the device, and gives everything back. */
    @Override
    public void close() {
        device.synchronise();
        staging.close();
        arena.close();
        device.close();
    }
}

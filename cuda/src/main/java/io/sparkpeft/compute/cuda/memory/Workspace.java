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
 */
public record Workspace(Device device, DeviceArena arena, Staging staging, Scratch scratch, IndexCache indices)
        implements AutoCloseable {
    /** Memory that counts against a budget. */
    public static Workspace of(Device device, MemoryBudget budget) {
        DeviceArena arena = new DeviceArena(device, budget);
        Staging staging = new Staging(device, arena);
        return new Workspace(device, arena, staging, new Scratch(device, arena), new IndexCache(staging, arena));
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

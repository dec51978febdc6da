package io.sparkpeft.compute.cuda.device;

import java.nio.ByteBuffer;

/**
 * Memory of the machine that a device copies from and to by itself.
 *
 * @param bytes the memory, in the machine's byte order
 * @param address where it starts
 */
public record HostMemory(ByteBuffer bytes, long address) {}

package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;

/** Memory that kernels need beside their arguments; grows to what was needed and stays. */
final class Scratch implements AutoCloseable {
    private final Memory[] blocks = {new Memory(0), new Memory(0)};
    private final int[] sizes = new int[blocks.length];
    private RopeTable ropeTable = RopeTable.empty();

    /** One of two blocks of floats, whose content is undefined; valid until the same block is asked for again. */
    Memory block(int which, int size) {
        if (size > sizes[which]) {
            blocks[which].free();
            blocks[which] = new Memory(size);
            sizes[which] = size;
        }
        return blocks[which];
    }

    /** Cosines and sines for positions up to the largest given. */
    CpuTensor ropeTable(int largestPosition, int headSize, float theta) {
        if (!ropeTable.covers(largestPosition, headSize, theta)) {
            ropeTable.free();
            ropeTable = RopeTable.make(largestPosition, headSize, theta);
        }
        return ropeTable.values();
    }

    @Override
    public void close() {
        for (Memory block : blocks) {
            block.free();
        }
        ropeTable.free();
        ropeTable = RopeTable.empty();
    }
}

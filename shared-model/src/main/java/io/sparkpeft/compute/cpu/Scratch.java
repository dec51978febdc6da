package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;

/** Memory that kernels need beside their arguments; grows to what was needed and stays. */
final class Scratch implements AutoCloseable {
    private Memory[] blocks = {new Memory(0), new Memory(0)};
    private int blockSize;
    private RopeTable ropeTable = RopeTable.empty();

    /** Memory for one of two blocks of floats, whose content is undefined. */
    Memory block(int which, int size) {
        if (size > blockSize) {
            freeBlocks();
            blockSize = size;
            blocks = new Memory[] {new Memory(size), new Memory(size)};
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

    private void freeBlocks() {
        for (Memory block : blocks) {
            block.free();
        }
    }

    @Override
    public void close() {
        freeBlocks();
        blocks = new Memory[0];
        blockSize = 0;
        ropeTable.free();
        ropeTable = RopeTable.empty();
    }
}

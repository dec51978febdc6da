package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;

/** Memory that kernels need beside their arguments; grows to what was needed and stays. */
final class Scratch implements AutoCloseable {
    private Memory[] scores = {new Memory(0), new Memory(0)};
    private int scoresSize;
    private RopeTable ropeTable = RopeTable.empty();

    /** Memory for one of two blocks of scores, whose content is undefined. */
    Memory scores(int which, int size) {
        if (size > scoresSize) {
            freeScores();
            scoresSize = size;
            scores = new Memory[] {new Memory(size), new Memory(size)};
        }
        return scores[which];
    }

    /** Cosines and sines for positions up to the largest given. */
    CpuTensor ropeTable(int largestPosition, int headSize, float theta) {
        if (!ropeTable.covers(largestPosition, headSize, theta)) {
            ropeTable.free();
            ropeTable = RopeTable.make(largestPosition, headSize, theta);
        }
        return ropeTable.values();
    }

    private void freeScores() {
        for (Memory block : scores) {
            block.free();
        }
    }

    @Override
    public void close() {
        freeScores();
        scores = new Memory[0];
        scoresSize = 0;
        ropeTable.free();
        ropeTable = RopeTable.empty();
    }
}

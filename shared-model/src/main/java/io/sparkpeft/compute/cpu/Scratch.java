package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;

/** Memory that kernels need beside their arguments; grows to what was needed and stays. */
final class Scratch implements AutoCloseable {
    private Memory[] squares = {new Memory(0), new Memory(0)};
    private int squareSize;
    private RopeTable ropeTable = RopeTable.empty();

    /** One of two square matrices, whose content is undefined. */
    CpuTensor square(int which, int length) {
        int size = Math.multiplyExact(length, length);
        if (size > squareSize) {
            freeSquares();
            squareSize = size;
            squares = new Memory[] {new Memory(size), new Memory(size)};
        }
        return new CpuTensor(squares[which], 0, length, length, length);
    }

    /** Cosines and sines for positions up to the largest given. */
    CpuTensor ropeTable(int largestPosition, int headSize, float theta) {
        if (!ropeTable.covers(largestPosition, headSize, theta)) {
            ropeTable.free();
            ropeTable = RopeTable.make(largestPosition, headSize, theta);
        }
        return ropeTable.values();
    }

    private void freeSquares() {
        for (Memory square : squares) {
            square.free();
        }
    }

    @Override
    public void close() {
        freeSquares();
        squares = new Memory[0];
        squareSize = 0;
        ropeTable.free();
        ropeTable = RopeTable.empty();
    }
}

package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;

/**
 * A part of a tensor that is set anew for every small product: thousands of them are made in a step, and none leaves
 * garbage.
 */
final class Window {
    private Memory memory;
    private int start;
    private int rows;
    private int columns;
    private int stride;

    Window(CpuTensor any) {
        of(any, 0, 0, any.rows(), any.columns());
    }

    /** Moves to the part of a tensor that starts at (row, column). */
    Window of(CpuTensor tensor, int row, int column, int newRows, int newColumns) {
        memory = tensor.memory();
        start = tensor.place(row, column);
        rows = newRows;
        columns = newColumns;
        stride = tensor.stride();
        return this;
    }

    /** Moves to a matrix inside a tensor's memory whose rows are not the tensor's. */
    Window at(Memory newMemory, int newStart, int newRows, int newColumns, int newStride) {
        memory = newMemory;
        start = newStart;
        rows = newRows;
        columns = newColumns;
        stride = newStride;
        return this;
    }

    Memory memory() {
        return memory;
    }

    int start() {
        return start;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    int stride() {
        return stride;
    }
}

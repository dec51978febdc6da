package io.sparkpeft.compute.cpu.kernel;

import io.sparkpeft.compute.Tensor;

/** A matrix of floats outside the heap: rows of {@code columns} floats, {@code stride} floats apart. */
public final class CpuTensor implements Tensor {
    private final Memory memory;
    private final int offset;
    private final int rows;
    private final int columns;
    private final int stride;

    public CpuTensor(Memory memory, int offset, int rows, int columns, int stride) {
        this.memory = memory;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
    }

    /** The tensor as what it is; refuses tensors of other backends. */
    public static CpuTensor of(Tensor tensor) {
        if (tensor instanceof CpuTensor cpu) {
            return cpu;
        }
        throw new IllegalArgumentException("Cannot use a %s on the cpu backend: another backend made it"
                .formatted(tensor.getClass().getSimpleName()));
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    public Memory memory() {
        return memory;
    }

    /** Floats from one row to the next. */
    public int stride() {
        return stride;
    }

    /** Where a row starts, in floats. */
    public int start(int row) {
        return offset + row * stride;
    }

    /** Where an entry is, in floats. */
    public int place(int row, int column) {
        return offset + row * stride + column;
    }

    /** Whether row r + 1 starts where row r ends. */
    public boolean isDense() {
        return stride == columns || rows <= 1;
    }

    public float value(int row, int column) {
        return memory.floats().get(place(row, column));
    }

    public void set(int row, int column, float value) {
        memory.floats().put(place(row, column), value);
    }

    /** The part from (row, column) on. */
    public CpuTensor view(int row, int column, int viewRows, int viewColumns) {
        return new CpuTensor(memory, place(row, column), viewRows, viewColumns, stride);
    }

    /** The same part of another view of the same memory. */
    public CpuTensor in(Memory other) {
        return new CpuTensor(other, offset, rows, columns, stride);
    }

    /** Rows over which an element-wise loop over all these tensors goes: 1 where none has gaps. */
    public static int loopRows(CpuTensor... tensors) {
        for (CpuTensor tensor : tensors) {
            if (!tensor.isDense()) {
                return tensors[0].rows;
            }
        }
        return Math.min(1, tensors[0].rows);
    }

    /** Entries of each of {@link #loopRows}. */
    public int loopColumns(int loopRows) {
        return loopRows == rows ? columns : size();
    }
}

package io.sparkpeft.compute.reference;

import io.sparkpeft.compute.Tensor;
import java.nio.ReadOnlyBufferException;

/** A matrix of doubles on the heap, open to tests: finite differences read and write entries in full precision. */
public final class ReferenceTensor implements Tensor {
    private final double[] data;
    private final int offset;
    private final int rows;
    private final int columns;
    private final int stride;
    private final boolean borrowed;

    ReferenceTensor(double[] data, int offset, int rows, int columns, int stride) {
        this(data, offset, rows, columns, stride, false);
    }

    private ReferenceTensor(double[] data, int offset, int rows, int columns, int stride, boolean borrowed) {
        this.data = data;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
        this.borrowed = borrowed;
    }

    /** The tensor as what it is; refuses tensors of other backends. */
    public static ReferenceTensor of(Tensor tensor) {
        if (tensor instanceof ReferenceTensor reference) {
            return reference;
        }
        throw new IllegalArgumentException("Cannot use a %s on the reference backend: another backend made it"
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

    /** Whether row r + 1 starts where row r ends. */
    boolean isDense() {
        return stride == columns || rows <= 1;
    }

    public double get(int row, int column) {
        return data[offset + row * stride + column];
    }

    public void set(int row, int column, double value) {
        requireOwn();
        data[offset + row * stride + column] = value;
    }

    public void add(int row, int column, double value) {
        requireOwn();
        data[offset + row * stride + column] += value;
    }

    private void requireOwn() {
        if (borrowed) {
            throw new ReadOnlyBufferException();
        }
    }

    /** The same entries, for reading only. */
    ReferenceTensor borrowed() {
        return new ReferenceTensor(data, offset, rows, columns, stride, true);
    }

    /** A row-major copy of all entries. */
    public double[] values() {
        double[] values = new double[rows * columns];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(data, offset + r * stride, values, r * columns, columns);
        }
        return values;
    }

    ReferenceTensor view(int from, int viewRows, int viewColumns, int viewStride) {
        return new ReferenceTensor(data, offset + from, viewRows, viewColumns, viewStride, borrowed);
    }

    int stride() {
        return stride;
    }
}

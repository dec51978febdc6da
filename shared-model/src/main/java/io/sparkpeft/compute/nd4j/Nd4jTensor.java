package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A matrix in an ND4J buffer: an offset, and rows that lie a stride apart. */
final class Nd4jTensor implements Tensor {
    private final INDArray base;
    private final long offset;
    private final int rows;
    private final int columns;
    private final int stride;

    private Nd4jTensor(INDArray base, long offset, int rows, int columns, int stride) {
        this.base = base;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
    }

    /** Zeros. */
    static Nd4jTensor allocate(int rows, int columns) {
        INDArray base = Nd4j.create(DataType.FLOAT, 1, Math.max(1L, (long) rows * columns));
        return new Nd4jTensor(base, 0, rows, columns, columns);
    }

    /** The tensor as what it is; refuses tensors of other backends. */
    static Nd4jTensor of(Tensor tensor) {
        if (tensor instanceof Nd4jTensor nd4j) {
            return nd4j;
        }
        throw new IllegalArgumentException("Cannot use a %s on the nd4j backend: another backend made it"
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

    boolean isEmpty() {
        return rows == 0 || columns == 0;
    }

    /** Whether row r + 1 starts where row r ends. */
    boolean isDense() {
        return stride == columns || rows <= 1;
    }

    /** The part from an entry on. */
    Nd4jTensor view(int row, int column, int viewRows, int viewColumns) {
        return new Nd4jTensor(base, offset + (long) row * stride + column, viewRows, viewColumns, stride);
    }

    /** Consecutive entries as a matrix. */
    Nd4jTensor reshape(int from, int viewRows, int viewColumns) {
        return new Nd4jTensor(base, offset + from, viewRows, viewColumns, viewColumns);
    }

    /** The entries themselves: writing to the array writes to the tensor. Not for empty tensors. */
    INDArray array() {
        return Nd4j.create(base.data(), new long[] {rows, columns}, new long[] {stride, 1}, offset, 'c');
    }

    /** A copy in double precision. */
    INDArray doubles() {
        return array().castTo(DataType.DOUBLE);
    }

    /** Rounds doubles into the tensor. */
    void assign(INDArray doubles) {
        array().assign(doubles.castTo(DataType.FLOAT));
    }

    void free() {
        if (base.closeable()) {
            base.close();
        }
    }
}

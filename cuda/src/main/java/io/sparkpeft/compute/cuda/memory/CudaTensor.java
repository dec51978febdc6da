package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.cuda.device.Region;

/** A matrix of floats in a device's memory: rows of {@code columns} floats, {@code stride} floats apart. */
public final class CudaTensor implements Tensor {
    private final DeviceBuffer buffer;
    private final long offset;
    private final int rows;
    private final int columns;
    private final int stride;

    CudaTensor(DeviceBuffer buffer, long offset, int rows, int columns, int stride) {
        this.buffer = buffer;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
    }

    /** The tensor as what it is; refuses tensors of other backends. */
    public static CudaTensor of(Tensor tensor) {
        if (tensor instanceof CudaTensor cuda) {
            return cuda;
        }
        throw new IllegalArgumentException("Cannot use a %s on the cuda backend: another backend made it"
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

    DeviceBuffer buffer() {
        return buffer;
    }

    /** Floats from one row to the next. */
    public int stride() {
        return stride;
    }

    /** Where the first entry is, to be read. */
    public long address() {
        return buffer.address() + Float.BYTES * offset;
    }

    /** Where its last row ends. */
    long end() {
        long floats = rows == 0 ? 0 : (long) (rows - 1) * stride + columns;
        return address() + Float.BYTES * floats;
    }

    /** The same to be written next: whatever was made of its content before is of the past. */
    public CudaTensor writable() {
        buffer.requireWritable();
        buffer.changed(address(), end());
        return this;
    }

    /** Whether row r + 1 starts where row r ends. */
    public boolean isDense() {
        return stride == columns || rows <= 1;
    }

    /** The part from (row, column) on. */
    public CudaTensor view(int row, int column, int viewRows, int viewColumns) {
        return new CudaTensor(buffer, offset + (long) row * stride + column, viewRows, viewColumns, stride);
    }

    /** Entries of a dense tensor in another shape. */
    CudaTensor shaped(int from, int shapedRows, int shapedColumns) {
        return new CudaTensor(buffer, offset + from, shapedRows, shapedColumns, shapedColumns);
    }

    /** The same part of another view of the same memory. */
    CudaTensor in(DeviceBuffer other) {
        return new CudaTensor(other, offset, rows, columns, stride);
    }

    /** The bytes of a part, which may be longer than a row where the tensor is dense. */
    Region region(int row, int column, int regionRows, int regionColumns) {
        return new Region(
                address() + Float.BYTES * ((long) row * stride + column),
                (long) Float.BYTES * stride,
                (long) Float.BYTES * regionColumns,
                regionRows);
    }
}

package io.sparkpeft.compute;

/**
 * A float matrix, row-major, in memory of the {@link Backend} that made it. Opaque: only that backend reads or writes
 * it. A vector has one row. May be a view of rows or columns of another tensor.
 */
public interface Tensor {
    int rows();

    int columns();

    /** Number of entries. */
    default int size() {
        return rows() * columns();
    }
}

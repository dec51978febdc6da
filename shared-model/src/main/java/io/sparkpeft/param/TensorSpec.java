package io.sparkpeft.param;

import java.util.Objects;

/**
 * One named tensor of a model. A vector of n entries has 1 row and n columns.
 *
 * @param name the name in the checkpoint
 * @param rows first dimension, 1 for a vector
 * @param columns last dimension
 * @param kind how it is used
 * @param role what a run may do with it
 */
public record TensorSpec(String name, int rows, int columns, TensorKind kind, TensorRole role) {
    public TensorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(role, "role");
        if (rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Invalid shape of tensor %s: [%d, %d]".formatted(name, rows, columns));
        }
        if (kind == TensorKind.VECTOR && rows != 1) {
            throw new IllegalArgumentException("Invalid vector %s: %d rows".formatted(name, rows));
        }
    }

    /** Number of entries. */
    public int size() {
        return rows * columns;
    }

    /** The shape as a checkpoint states it: {@code [columns]} or {@code [rows, columns]}. */
    public int[] shape() {
        return kind == TensorKind.VECTOR ? new int[] {columns} : new int[] {rows, columns};
    }

    public TensorSpec withRole(TensorRole newRole) {
        return new TensorSpec(name, rows, columns, kind, newRole);
    }
}

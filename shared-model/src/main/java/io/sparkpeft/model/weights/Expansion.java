package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;

/** Memory of one model in which its packed matrices become floats, one at a time. */
final class Expansion {
    private final Backend backend;
    private final MaskVectors vectors;
    private final Tensor memory;
    private int content = -1;

    /**
     * @param vectors of the backend
     * @param largest entries of the largest packed matrix
     */
    Expansion(Backend backend, MaskVectors vectors, int largest) {
        this.backend = backend;
        this.vectors = vectors;
        this.memory = backend.allocate(1, largest);
    }

    Backend backend() {
        return backend;
    }

    MaskVectors vectors() {
        return vectors;
    }

    Tensor view(int rows, int columns) {
        return backend.reshape(memory, 0, rows, columns);
    }

    /** Whether the memory holds the matrix of that number. */
    boolean holds(int tensor) {
        return content == tensor;
    }

    /** Says which matrix the memory holds from now on. */
    void hold(int tensor) {
        content = tensor;
    }

    long bytes() {
        return (long) Float.BYTES * memory.size();
    }

    void close() {
        backend.free(memory);
    }
}

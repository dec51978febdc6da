package io.sparkpeft.model.weights;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;

/** Memory of one model in which its packed matrices become floats, one at a time. */
final class Expansion {
    private final Backend backend;
    private final Tensor memory;
    private int content = -1;

    /** @param largest entries of the largest packed matrix */
    Expansion(Backend backend, int largest) {
        this.backend = backend;
        this.memory = backend.allocate(1, largest);
    }

    Backend backend() {
        return backend;
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

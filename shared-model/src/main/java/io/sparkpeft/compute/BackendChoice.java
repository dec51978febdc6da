package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.Precision;
import java.io.Serializable;
import java.util.Optional;

/**
 * Which backend computes, and how.
 *
 * @param name of its provider
 * @param precision of its matrix products
 */
public record BackendChoice(String name, Precision precision) implements Serializable {
    /** In float32. */
    public static BackendChoice of(String name) {
        return new BackendChoice(name, Precision.FLOAT32);
    }

    /**
     * A new backend, for one thread.
     *
     * @throws IllegalArgumentException if there is none of that name, or it does not know the precision
     */
    public Backend create() {
        return create(Optional.empty());
    }

    /**
     * A new backend, for one thread, on the GPU that its task holds.
     *
     * @param gpu index or UUID; empty: the task holds none
     * @throws IllegalArgumentException if there is none of that name, or it does not know the precision
     */
    public Backend create(Optional<String> gpu) {
        return BackendProvider.named(name).create(gpu, precision);
    }

    /** Whether it computes on a GPU. */
    public boolean computesOnGpu() {
        return BackendProvider.named(name).computesOnGpu();
    }

    /** What computes, in words. */
    public String description() {
        String text = BackendProvider.named(name).description();
        return precision == Precision.FLOAT32 ? text : text + ", products in " + precision;
    }
}

package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.Precision;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/** Makes backends of one kind; found through {@link ServiceLoader}. */
public interface BackendProvider {
    /** The name that a recipe uses. */
    String name();

    /** A new backend, for one thread. */
    Backend create();

    /**
     * A new backend, for one thread, on the GPU that its task holds; those that use none ignore it.
     *
     * @param gpu index or UUID, as Spark's discovery script gave it; empty: the task holds none
     * @param precision of matrix products
     * @throws IllegalArgumentException if the backend does not know the precision
     * @throws UnusableDeviceException if the backend needs a device and there is none that it can use
     */
    default Backend create(Optional<String> gpu, Precision precision) {
        require(precision);
        return create();
    }

    /**
     * Refuses a precision that is none of {@link #precisions}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    default void require(Precision precision) {
        if (!precisions().contains(precision)) {
            throw new IllegalArgumentException(
                    "Cannot compute in %s: the backend %s knows %s".formatted(precision, name(), precisions()));
        }
    }

    /** In what its products can be computed. */
    default Set<Precision> precisions() {
        return Set.of(Precision.FLOAT32);
    }

    /** Whether it computes on GPUs, so that a process without one cannot use it. */
    default boolean computesOnGpu() {
        return false;
    }

    /** What computes, in words: processor, library and the kernels that it chose. */
    default String description() {
        return name();
    }

    /** Why this machine has no such backend, in a sentence; empty where it has. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * A new backend of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    static Backend create(String name) {
        return named(name).create();
    }

    /**
     * The provider of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    static BackendProvider named(String name) {
        Map<String, BackendProvider> providers = all();
        BackendProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("Invalid backend: %s (there are: %s%s)"
                    .formatted(name, String.join(", ", providers.keySet()), hint(name)));
        }
        return provider;
    }

    /** Those on the class path, by name. */
    static Map<String, BackendProvider> all() {
        TreeMap<String, BackendProvider> providers = new TreeMap<>();
        for (BackendProvider p : ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader())) {
            providers.put(p.name(), p);
        }
        return providers;
    }

    /** Where a backend comes from that is not there, to be said after the names of those that are. */
    static String hint(String name) {
        return name.equals("cuda") ? "; cuda is in spark-peft-cuda.jar, which goes beside spark-peft.jar" : "";
    }
}

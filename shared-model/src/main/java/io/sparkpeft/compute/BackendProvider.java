package io.sparkpeft.compute;

import java.util.Optional;
import java.util.ServiceLoader;
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
     */
    default Backend create(Optional<String> gpu) {
        return create();
    }

    /** What computes, in words: processor, library and the kernels that it chose. */
    default String description() {
        return name();
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
        TreeMap<String, BackendProvider> providers = new TreeMap<>();
        for (BackendProvider p : ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader())) {
            providers.put(p.name(), p);
        }
        BackendProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "Invalid backend: %s (there are: %s)".formatted(name, String.join(", ", providers.keySet())));
        }
        return provider;
    }
}

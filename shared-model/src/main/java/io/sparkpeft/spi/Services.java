package io.sparkpeft.spi;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks implementations up by name through {@link ServiceLoader}, with the class loader of the interface itself: on a
 * Spark executor the thread's own loader need not see the application jar. Implementations must be stateless, since one
 * instance serves all threads.
 */
public final class Services {
    private static final Map<Class<?>, Map<String, ?>> LOADED = new ConcurrentHashMap<>();

    private Services() {}

    /**
     * The implementation of that name.
     *
     * @param what what the name stands for, as an error message calls it
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static <T extends Named> T find(Class<T> type, String what, String name) {
        Map<String, T> known = load(type);
        T found = known.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "Invalid %s: %s (there are: %s)".formatted(what, name, String.join(", ", known.keySet())));
        }
        return found;
    }

    /** All implementations, by name. */
    public static <T extends Named> Collection<T> all(Class<T> type) {
        return load(type).values();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Named> Map<String, T> load(Class<T> type) {
        return (Map<String, T>) LOADED.computeIfAbsent(type, t -> read(type));
    }

    private static <T extends Named> Map<String, T> read(Class<T> type) {
        TreeMap<String, T> byName = new TreeMap<>();
        for (T service : ServiceLoader.load(type, type.getClassLoader())) {
            T other = byName.put(service.name(), service);
            if (other != null) {
                throw new IllegalStateException("Cannot load %s: %s and %s are both called %s"
                        .formatted(
                                type.getSimpleName(),
                                other.getClass().getName(),
                                service.getClass().getName(),
                                service.name()));
            }
        }
        return byName;
    }
}

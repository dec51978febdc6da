package io.sparkpeft.compute.contract.backend;

import io.sparkpeft.compute.BackendProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The backends that tests run on. */
public final class Backends {
    /**
     * System property: names of those to test, separated by commas; by default all. Where this machine has none of them,
     * the reference is tested, so that the tests run and say what is missing.
     */
    private static final String WANTED = "contract.backends";
    /** System property: name of one that must be there, so that tests on a machine with a card are on that card. */
    private static final String REQUIRED = "contract.required";

    private static final Set<String> MISSING = ConcurrentHashMap.newKeySet();

    private Backends() {}

    /** Names of those that this machine has; the reason is printed, once, where one is missing. */
    public static Stream<String> names() {
        List<String> wanted = List.of(System.getProperty(WANTED, "").split(","));
        List<String> names = BackendProvider.all().values().stream()
                .filter(provider -> wanted.equals(List.of("")) || wanted.contains(provider.name()))
                .filter(Backends::isThere)
                .map(BackendProvider::name)
                .toList();
        return names.isEmpty() ? Stream.of("reference") : names.stream();
    }

    private static boolean isThere(BackendProvider provider) {
        Optional<String> reason = provider.missing();
        if (reason.isPresent() && provider.name().equals(System.getProperty(REQUIRED))) {
            throw new IllegalStateException("Cannot test the backend %s: %s".formatted(provider.name(), reason.get()));
        }
        if (reason.isPresent() && MISSING.add(provider.name())) {
            System.out.printf("Skipped the backend %s: %s%n", provider.name(), reason.get());
        }
        return reason.isEmpty();
    }
}

package io.sparkpeft.compute.contract;

import io.sparkpeft.compute.BackendProvider;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The backends that tests run on. */
public final class Backends {
    /** System property: names of those to test, separated by commas; by default all. */
    private static final String WANTED = "contract.backends";

    private Backends() {}

    /** Names of those that this machine has; the reason is printed where one is missing. */
    public static Stream<String> names() {
        String wanted = System.getProperty(WANTED, "");
        return BackendProvider.all().values().stream()
                .filter(provider ->
                        wanted.isEmpty() || List.of(wanted.split(",")).contains(provider.name()))
                .filter(Backends::isThere)
                .map(BackendProvider::name);
    }

    private static boolean isThere(BackendProvider provider) {
        Optional<String> reason = provider.missing();
        reason.ifPresent(why -> System.out.printf("Skipped the backend %s: %s%n", provider.name(), why));
        return reason.isEmpty();
    }
}

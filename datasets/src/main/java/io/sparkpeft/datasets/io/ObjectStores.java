package io.sparkpeft.datasets.io;

import java.util.Set;

/** File systems where a file appears when it is closed, all at once, and a rename would be a copy. */
public final class ObjectStores {
    private static final Set<String> SCHEMES = Set.of("s3a", "s3", "s3n", "gs", "oss", "cosn", "obs");

    private ObjectStores() {}

    /** Whether URIs of that scheme name objects of such a store. */
    public static boolean has(String scheme) {
        return SCHEMES.contains(scheme);
    }
}

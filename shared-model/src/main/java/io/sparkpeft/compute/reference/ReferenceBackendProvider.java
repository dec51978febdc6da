package io.sparkpeft.compute.reference;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;

/** Provides {@link ReferenceBackend} as "reference". */
public final class ReferenceBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Backend create() {
        return new ReferenceBackend();
    }
}

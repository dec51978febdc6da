package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;

/** Provides {@link Nd4jBackend} as "nd4j". */
public final class Nd4jBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public Backend create() {
        return new Nd4jBackend();
    }
}

package io.sparkpeft.compute.contract.backend;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.profile.ProfilingBackend;

/** The cpu backend under a profile, which must change nothing. */
public final class ProfiledCpuProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu-profiled";
    }

    @Override
    public Backend create() {
        return new ProfilingBackend(BackendProvider.create("cpu"));
    }
}

package io.sparkpeft.compute.contract.backend;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.cpu.CpuBackend;
import io.sparkpeft.compute.cpu.plain.PlainKernels;

/** The cpu backend as it is where the Vector API is absent; also shows that a new backend is found unasked. */
public final class PlainCpuProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu-plain";
    }

    @Override
    public Backend create() {
        return new CpuBackend(new PlainKernels());
    }
}

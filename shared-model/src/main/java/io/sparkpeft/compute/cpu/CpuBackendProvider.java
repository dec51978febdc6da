package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;

/** Provides {@link CpuBackend} as "cpu". */
public final class CpuBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Backend create() {
        return new CpuBackend();
    }

    /** The processor, OpenBLAS's kernels for it, and the width of the vectors. */
    @Override
    public String description() {
        return "%s, OpenBLAS %s kernels, %s"
                .formatted(
                        Processor.name(), OpenBlas.core(), KernelChoice.best().description());
    }
}

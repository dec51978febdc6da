package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cpu.CpuBackend;
import io.sparkpeft.compute.nd4j.cuda.CudaProcess;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides {@link Nd4jBackend} as "nd4j". Where the build has ND4J's CUDA binaries, the device is checked before anything
 * of ND4J is loaded.
 */
public final class Nd4jBackendProvider implements BackendProvider {
    /** System property: true lets the cpu backend compute where ND4J's CUDA kernels cannot; else that is an error. */
    public static final String FALLBACK = "sparkpeft.nd4j.fallback";

    private static final Logger LOG = LoggerFactory.getLogger(Nd4jBackendProvider.class);

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public boolean computesOnGpu() {
        return CudaProcess.isOnClassPath();
    }

    @Override
    public Backend create() {
        return create(Optional.empty(), Precision.FLOAT32);
    }

    @Override
    public Backend create(Optional<String> gpu, Precision precision) {
        require(precision);
        if (!CudaProcess.isOnClassPath()) {
            return new Nd4jBackend();
        }
        return create(() -> CudaProcess.use(gpu), Boolean.getBoolean(FALLBACK));
    }

    /** What the device is good for: ND4J's kernels, or those of the processor if that was asked for. */
    static Backend create(Runnable check, boolean fallback) {
        try {
            check.run();
        } catch (UnusableDeviceException e) {
            if (!fallback) {
                throw e;
            }
            LOG.warn("{}; the cpu backend computes instead ({}=true)", e.getMessage(), FALLBACK);
            return new CpuBackend();
        }
        return new Nd4jBackend();
    }
}

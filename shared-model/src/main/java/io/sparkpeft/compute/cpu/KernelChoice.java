package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.plain.PlainKernels;
import io.sparkpeft.compute.cpu.vector.VectorKernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The best loops that this JVM can run. */
final class KernelChoice {
    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final Kernels BEST = choose();

    private KernelChoice() {}

    static Kernels best() {
        return BEST;
    }

    private static Kernels choose() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            LOG.warn("The Vector API is absent: kernels run as plain loops, several times slower;"
                    + " start the JVM with --add-modules jdk.incubator.vector");
            return new PlainKernels();
        }
        return new VectorKernels();
    }
}

package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The matrix product of OpenBLAS, on one thread: tasks run side by side, and the bits do not depend on the machine's
 * load. */
final class OpenBlas {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBlas.class);

    /** Kernels that OpenBLAS takes where it does not know the processor: several times slower than its best. */
    private static final Set<String> FALLBACKS = Set.of(
            "PRESCOTT",
            "BARCELONA",
            "CORE2",
            "ATHLON",
            "NEHALEM",
            "KATMAI",
            "COPPERMINE",
            "NORTHWOOD",
            "BANIAS",
            "ARMV8",
            "GENERIC");

    private static final List<String> CORES = List.of(
            "SAPPHIRERAPIDS",
            "COOPERLAKE",
            "SKYLAKEX",
            "ZEN",
            "HASWELL",
            "EXCAVATOR",
            "STEAMROLLER",
            "PILEDRIVER",
            "BULLDOZER",
            "SANDYBRIDGE",
            "NEHALEM",
            "BARCELONA",
            "CORE2",
            "PRESCOTT",
            "ATHLON",
            "KATMAI",
            "COPPERMINE",
            "NORTHWOOD",
            "BANIAS",
            "NEOVERSEV2",
            "NEOVERSEV1",
            "NEOVERSEN2",
            "NEOVERSEN1",
            "ARMV8SVE",
            "ARMV8",
            "CORTEXA53",
            "CORTEXA55",
            "CORTEXA57",
            "CORTEXA72",
            "CORTEXA73",
            "CORTEXX1",
            "A64FX",
            "THUNDERX",
            "THUNDERX2T99",
            "THUNDERX3T110",
            "TSV110",
            "EMAG8180",
            "GENERIC");

    private static final String CORE;

    static {
        Loader.load(openblas_nolapack.class);
        CORE = chosenCore();
        if (FALLBACKS.contains(CORE)) {
            LOG.warn(
                    "OpenBLAS does not know this processor and runs its {} kernels, several times slower than the best;"
                            + " set OPENBLAS_CORETYPE (SkylakeX for AVX-512, Haswell for AVX2)",
                    CORE);
        } else {
            LOG.debug("OpenBLAS runs its {} kernels", CORE);
        }
    }

    private OpenBlas() {}

    /** The processor whose kernels OpenBLAS chose, or "an unnamed core". */
    static String core() {
        return CORE;
    }

    static void useOneThread() {
        openblas_nolapack.blas_set_num_threads(1);
    }

    /** c = alpha·op(a)·op(b) + beta·c, straight in the memory of the tensors. */
    static void gemm(
            boolean transposeA, boolean transposeB, float alpha, CpuTensor a, CpuTensor b, float beta, CpuTensor c) {
        if (c.rows() > 0 && c.columns() > 0) {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    order(transposeA),
                    order(transposeB),
                    c.rows(),
                    c.columns(),
                    transposeA ? a.rows() : a.columns(),
                    alpha,
                    a.memory().left(a.start(0)),
                    Math.max(1, a.stride()),
                    b.memory().right(b.start(0)),
                    Math.max(1, b.stride()),
                    beta,
                    c.memory().result(c.start(0)),
                    Math.max(1, c.stride()));
        }
    }

    /** c = op(a)·op(b) + beta·c for parts of tensors. */
    static void gemm(boolean transposeA, boolean transposeB, Window a, Window b, float beta, Window c) {
        if (c.rows() > 0 && c.columns() > 0) {
            openblas_nolapack.cblas_sgemm(
                    openblas_nolapack.CblasRowMajor,
                    order(transposeA),
                    order(transposeB),
                    c.rows(),
                    c.columns(),
                    transposeA ? a.rows() : a.columns(),
                    1f,
                    a.memory().left(a.start()),
                    a.stride(),
                    b.memory().right(b.start()),
                    b.stride(),
                    beta,
                    c.memory().result(c.start()),
                    c.stride());
        }
    }

    private static int order(boolean transpose) {
        return transpose ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
    }

    /** OpenBLAS keeps a pointer to the table of its chosen kernels; each core's table has a name of its own. */
    private static String chosenCore() {
        Pointer chosen = Loader.addressof("gotoblas");
        if (chosen == null) {
            return "unnamed";
        }
        try (PointerPointer<Pointer> table = new PointerPointer<>(chosen)) {
            long address = table.get(0).address();
            for (String core : CORES) {
                Pointer candidate = Loader.addressof("gotoblas_" + core);
                if (candidate != null && candidate.address() == address) {
                    return core.toUpperCase(Locale.ROOT);
                }
            }
        }
        return "unnamed";
    }
}

package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The factors of {@link Dropout#factor}, bit for bit, a vector of columns at a time: the integer form of
 * {@link io.sparkpeft.random.CounterRandom#uniform(long, int, int)} ≥ probability.
 */
final class VectorDropout {
    private static final int GOLDEN = 0x9E3779B9;
    /** GOLDEN times the lane. */
    private static final IntVector LANE_STEPS =
            IntVector.zero(Lanes.INTS).addIndex(1).mul(GOLDEN);

    private final int site;
    private final IntVector threshold;
    private final IntVector kept;

    VectorDropout(Dropout dropout) {
        site = dropout.site() * 0x85EBCA6B;
        threshold = IntVector.broadcast(Lanes.INTS, (int) Math.ceil((double) dropout.probability() * 0x1p24));
        kept = IntVector.broadcast(Lanes.INTS, Float.floatToRawIntBits(1f / (1f - dropout.probability())));
    }

    static void run(Dropout dropout, CpuTensor target) {
        VectorDropout factors = new VectorDropout(dropout);
        Memory memory = target.memory();
        int n = target.columns();
        for (int r = 0; r < target.rows(); r++) {
            int start = target.start(r);
            int seed = factors.seed(dropout.rowKeys()[r]);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector x = Lanes.load(memory, start + i);
                Lanes.store(x.mul(factors.at(seed, i)), n - i, memory, start + i);
            }
        }
    }

    /** What {@link #at} needs to know of a row. */
    int seed(long rowKey) {
        return (int) (rowKey ^ (rowKey >>> 32)) ^ site;
    }

    /** Factors of the columns from {@code column} on: 0 or 1/(1 − probability). */
    FloatVector at(int seed, int column) {
        IntVector z = LANE_STEPS.add(seed + column * GOLDEN);
        z = z.lanewise(VectorOperators.LSHR, 16)
                .lanewise(VectorOperators.XOR, z)
                .mul(0x85EBCA6B);
        z = z.lanewise(VectorOperators.LSHR, 13)
                .lanewise(VectorOperators.XOR, z)
                .mul(0xC2B2AE35);
        z = z.lanewise(VectorOperators.LSHR, 16).lanewise(VectorOperators.XOR, z);
        // The sign of uniform − threshold fills the lanes that are dropped.
        IntVector dropped = z.lanewise(VectorOperators.LSHR, 8).sub(threshold).lanewise(VectorOperators.ASHR, 31);
        return kept.lanewise(VectorOperators.AND_NOT, dropped).reinterpretAsFloats();
    }
}

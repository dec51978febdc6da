package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Unpacks two values of 16 bits from each float. */
final class VectorHalves {
    private static final int UPPER = 0xFFFF0000;

    private VectorHalves() {}

    static void expand(CpuTensor packed, CpuTensor target) {
        int width = packed.columns();
        int second = target.columns() - width;
        for (int r = 0; r < target.rows(); r++) {
            int from = packed.start(r);
            int to = target.start(r);
            for (int j = 0; j < width; j += Lanes.COUNT) {
                IntVector bits = Lanes.load(packed.memory(), from + j).reinterpretAsInts();
                FloatVector upper = bits.and(UPPER).reinterpretAsFloats();
                Lanes.store(upper, width - j, target.memory(), to + j);
            }
            for (int j = 0; j < second; j += Lanes.COUNT) {
                IntVector bits = Lanes.load(packed.memory(), from + j).reinterpretAsInts();
                FloatVector lower = bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                Lanes.store(lower, second - j, target.memory(), to + width + j);
            }
        }
    }
}

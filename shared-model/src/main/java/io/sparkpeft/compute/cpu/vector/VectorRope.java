package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/** Rotary position embedding from a table of cosines and sines. */
final class VectorRope {
    private VectorRope() {}

    static void rotate(CpuTensor target, int[] positions, int headSize, CpuTensor table, boolean inverse) {
        for (int r = 0; r < target.rows(); r++) {
            int cosines = table.start(positions[r]);
            for (int head = 0; head < target.columns(); head += headSize) {
                rotate(target.memory(), target.place(r, head), headSize / 2, table.memory(), cosines, inverse);
            }
        }
    }

    private static void rotate(Memory x, int start, int half, Memory table, int cosines, boolean inverse) {
        for (int i = 0; i < half; i += Lanes.COUNT) {
            FloatVector cosine = Lanes.load(table, cosines + i);
            FloatVector sine = Lanes.load(table, cosines + half + i);
            if (inverse) {
                sine = sine.neg();
            }
            FloatVector a = Lanes.load(x, start + i);
            FloatVector b = Lanes.load(x, start + half + i);
            FloatVector turnedA = a.mul(cosine).sub(b.mul(sine));
            FloatVector turnedB = b.mul(cosine).add(a.mul(sine));
            Lanes.store(turnedA, half - i, x, start + i);
            Lanes.store(turnedB, half - i, x, start + half + i);
        }
    }
}

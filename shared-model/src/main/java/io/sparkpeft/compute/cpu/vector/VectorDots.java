package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cpu.kernel.Panel;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Dot products of one row of a panel with chosen rows of another. */
final class VectorDots {
    private VectorDots() {}

    static void add(Panel left, int row, Panel right, Entries entries, float[] target, int offset) {
        int start = row * Panel.STRIDE;
        int end = entries.starts()[row + 1];
        for (int i = entries.starts()[row]; i < end; i++) {
            int other = entries.column(row, i) * Panel.STRIDE;
            target[offset + i] += dot(left.values(), start, right.values(), other, left.length());
        }
    }

    /** n is a multiple of the longest vector, which is four of 512 bits. */
    private static float dot(float[] left, int a, float[] right, int b, int n) {
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        int i = 0;
        for (; i <= n - 4 * Lanes.COUNT; i += 4 * Lanes.COUNT) {
            s0 = load(left, a + i).fma(load(right, b + i), s0);
            s1 = load(left, a + i + Lanes.COUNT).fma(load(right, b + i + Lanes.COUNT), s1);
            s2 = load(left, a + i + 2 * Lanes.COUNT).fma(load(right, b + i + 2 * Lanes.COUNT), s2);
            s3 = load(left, a + i + 3 * Lanes.COUNT).fma(load(right, b + i + 3 * Lanes.COUNT), s3);
        }
        for (; i < n; i += Lanes.COUNT) {
            s0 = load(left, a + i).fma(load(right, b + i), s0);
        }
        return s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector load(float[] values, int place) {
        return FloatVector.fromArray(Lanes.SPECIES, values, place);
    }
}

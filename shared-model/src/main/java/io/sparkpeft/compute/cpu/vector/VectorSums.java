package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/** Sums over rows, scaled additions, squares. */
final class VectorSums {
    private VectorSums() {}

    static void fill(CpuTensor target, float value) {
        int rows = CpuTensor.loopRows(target);
        int n = target.loopColumns(rows);
        FloatVector values = Lanes.broadcast(value);
        for (int r = 0; r < rows; r++) {
            int start = target.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                Lanes.store(values, n - i, target.memory(), start + i);
            }
        }
    }

    static void add(float alpha, CpuTensor source, CpuTensor target) {
        int rows = CpuTensor.loopRows(source, target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            addRow(alpha, source.memory(), source.start(r), target.memory(), target.start(r), n);
        }
    }

    static void fillRows(CpuTensor row, CpuTensor target) {
        int n = target.columns();
        int from = row.start(0);
        for (int r = 0; r < target.rows(); r++) {
            int to = target.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                Lanes.store(Lanes.load(row.memory(), from + i), n - i, target.memory(), to + i);
            }
        }
    }

    static void addBias(CpuTensor bias, CpuTensor source, CpuTensor output) {
        int n = source.columns();
        int b = bias.start(0);
        for (int r = 0; r < source.rows(); r++) {
            int from = source.start(r);
            int to = output.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector sum = Lanes.load(source.memory(), from + i).add(Lanes.load(bias.memory(), b + i));
                Lanes.store(sum, n - i, output.memory(), to + i);
            }
        }
    }

    static void multiply(CpuTensor factor, CpuTensor target) {
        int rows = CpuTensor.loopRows(factor, target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            int from = factor.start(r);
            int to = target.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector product = Lanes.load(factor.memory(), from + i).mul(Lanes.load(target.memory(), to + i));
                Lanes.store(product, n - i, target.memory(), to + i);
            }
        }
    }

    /** target += alpha·source over n consecutive floats. */
    static void addRow(float alpha, Memory source, int from, Memory target, int to, int n) {
        FloatVector factor = Lanes.broadcast(alpha);
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector sum = Lanes.load(source, from + i).fma(factor, Lanes.load(target, to + i));
            Lanes.store(sum, n - i, target, to + i);
        }
    }

    /**
     * Four rows at a time are added to the target, which stays in the first cache. Sums kept in registers over a loop of
     * rows would be quicker to say, but Java 17 makes an object of each of them.
     */
    static void sumRows(CpuTensor source, CpuTensor target) {
        Memory x = source.memory();
        Memory sums = target.memory();
        int n = source.columns();
        int to = target.start(0);
        fill(target, 0f);
        int r = 0;
        for (; r <= source.rows() - 4; r += 4) {
            addFour(x, source.start(r), source.stride(), sums, to, n);
        }
        for (; r < source.rows(); r++) {
            addRow(1f, x, source.start(r), sums, to, n);
        }
    }

    /** target += four rows of n floats, of which the first starts at {@code from}. */
    private static void addFour(Memory x, int from, int stride, Memory target, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            int place = from + i;
            FloatVector low = Lanes.load(x, place).add(Lanes.load(x, place + stride));
            FloatVector high = Lanes.load(x, place + 2 * stride).add(Lanes.load(x, place + 3 * stride));
            Lanes.store(Lanes.load(target, to + i).add(low.add(high)), n - i, target, to + i);
        }
    }

    static void addColumnSquares(CpuTensor source, CpuTensor target) {
        for (int r = 0; r < source.rows(); r++) {
            addSquares(source.memory(), source.start(r), target.memory(), target.start(0), source.columns());
        }
    }

    static void addSquares(CpuTensor source, CpuTensor target) {
        int rows = CpuTensor.loopRows(source, target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            addSquares(source.memory(), source.start(r), target.memory(), target.start(r), n);
        }
    }

    /** target += source² over n consecutive floats. */
    static void addSquares(Memory source, int from, Memory target, int to, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector x = Lanes.load(source, from + i);
            FloatVector sum = x.fma(x, Lanes.load(target, to + i));
            Lanes.store(sum, n - i, target, to + i);
        }
    }

    static void addAll(CpuTensor source, float[] target, int offset) {
        int rows = CpuTensor.loopRows(source);
        int n = source.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            int from = source.start(r);
            int to = offset + r * n;
            int i = 0;
            for (; i <= n - Lanes.COUNT; i += Lanes.COUNT) {
                FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, target, to + i);
                sum.add(Lanes.load(source.memory(), from + i)).intoArray(target, to + i);
            }
            for (; i < n; i++) {
                target[to + i] += source.memory().floats().get(from + i);
            }
        }
    }
}

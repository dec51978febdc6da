package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
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

    static void addBias(CpuTensor bias, CpuTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            addRow(1f, bias.memory(), bias.start(0), target.memory(), target.start(r), target.columns());
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

    static void sumRows(CpuTensor source, CpuTensor target) {
        Memory x = source.memory();
        int n = source.columns();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector sum = Lanes.zero();
            for (int r = 0; r < source.rows(); r++) {
                sum = sum.add(Lanes.load(x, source.start(r) + i));
            }
            storeColumns(sum, n, target, i);
        }
    }

    static void addColumnSquares(CpuTensor source, CpuTensor target) {
        Memory x = source.memory();
        int n = source.columns();
        for (int i = 0; i < n; i += Lanes.COUNT) {
            FloatVector sum = Lanes.load(target.memory(), target.start(0) + i);
            for (int r = 0; r < source.rows(); r++) {
                FloatVector value = Lanes.load(x, source.start(r) + i);
                sum = value.fma(value, sum);
            }
            storeColumns(sum, n, target, i);
        }
    }

    static void addSquares(CpuTensor source, CpuTensor target) {
        int rows = CpuTensor.loopRows(source, target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            int from = source.start(r);
            int to = target.start(r);
            for (int i = 0; i < n; i += Lanes.COUNT) {
                FloatVector x = Lanes.load(source.memory(), from + i);
                FloatVector sum = x.fma(x, Lanes.load(target.memory(), to + i));
                Lanes.store(sum, n - i, target.memory(), to + i);
            }
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

    private static void storeColumns(FloatVector value, int n, CpuTensor target, int column) {
        Lanes.store(value, n - column, target.memory(), target.start(0) + column);
    }
}

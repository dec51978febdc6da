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

    static void sumRows(CpuTensor source, CpuTensor target) {
        Memory x = source.memory();
        int n = source.columns();
        int i = 0;
        for (; i <= n - 4 * Lanes.COUNT; i += 4 * Lanes.COUNT) {
            sumFour(source, target, i);
        }
        for (; i < n; i += Lanes.COUNT) {
            FloatVector sum = Lanes.zero();
            for (int r = 0; r < source.rows(); r++) {
                sum = sum.add(Lanes.load(x, source.start(r) + i));
            }
            storeColumns(sum, n, target, i);
        }
    }

    /** Four vectors of columns at once, so that a row's cache lines are read one after the other. */
    private static void sumFour(CpuTensor source, CpuTensor target, int column) {
        Memory x = source.memory();
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        for (int r = 0; r < source.rows(); r++) {
            int from = source.start(r) + column;
            s0 = s0.add(Lanes.load(x, from));
            s1 = s1.add(Lanes.load(x, from + Lanes.COUNT));
            s2 = s2.add(Lanes.load(x, from + 2 * Lanes.COUNT));
            s3 = s3.add(Lanes.load(x, from + 3 * Lanes.COUNT));
        }
        int to = target.start(0) + column;
        Lanes.store(s0, target.memory(), to);
        Lanes.store(s1, target.memory(), to + Lanes.COUNT);
        Lanes.store(s2, target.memory(), to + 2 * Lanes.COUNT);
        Lanes.store(s3, target.memory(), to + 3 * Lanes.COUNT);
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

    private static void storeColumns(FloatVector value, int n, CpuTensor target, int column) {
        Lanes.store(value, n - column, target.memory(), target.start(0) + column);
    }
}

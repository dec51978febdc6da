package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import java.nio.FloatBuffer;

/** Copies, and rows and entries by index. */
final class CpuIndexing {
    private final Kernels kernels;

    CpuIndexing(Kernels kernels) {
        this.kernels = kernels;
    }

    static void upload(float[] source, int offset, CpuTensor target) {
        int rows = CpuTensor.loopRows(target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            target.memory().floats().put(target.start(r), source, offset + r * n, n);
        }
    }

    static void download(CpuTensor source, float[] target, int offset) {
        int rows = CpuTensor.loopRows(source);
        int n = source.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            source.memory().floats().get(source.start(r), target, offset + r * n, n);
        }
    }

    static void copy(CpuTensor source, CpuTensor target) {
        int rows = CpuTensor.loopRows(source, target);
        int n = target.loopColumns(rows);
        for (int r = 0; r < rows; r++) {
            copyRow(source, source.start(r), target, target.start(r), n);
        }
    }

    static void gatherRows(CpuTensor table, int[] ids, CpuTensor output) {
        for (int r = 0; r < output.rows(); r++) {
            copyRow(table, table.start(ids[r]), output, output.start(r), output.columns());
        }
    }

    static void gatherColumns(CpuTensor source, int[] ids, CpuTensor output) {
        FloatBuffer from = source.memory().floats();
        FloatBuffer to = output.memory().floats();
        int columns = output.columns();
        for (int r = 0; r < output.rows(); r++) {
            int start = source.start(r);
            int place = output.start(r);
            for (int c = 0; c < columns; c++) {
                to.put(place + c, from.get(start + ids[c]));
            }
        }
    }

    void addGatheredRows(CpuTensor table, int[] ids, CpuTensor output) {
        for (int r = 0; r < output.rows(); r++) {
            kernels.addRow(table, ids[r], output, r);
        }
    }

    void scatterAddRows(CpuTensor source, int[] ids, CpuTensor table) {
        for (int r = 0; r < source.rows(); r++) {
            kernels.addRow(source, r, table, ids[r]);
        }
    }

    void addSquaredRows(CpuTensor source, int[] ids, CpuTensor target) {
        for (int r = 0; r < source.rows(); r++) {
            kernels.addSquaredRow(source, r, target, ids[r]);
        }
    }

    static void addGathered(CpuTensor source, int[] indices, float[] target, int offset) {
        FloatBuffer floats = source.memory().floats();
        int start = source.start(0);
        int columns = source.columns();
        boolean dense = source.isDense();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            int place = dense ? start + index : source.place(index / columns, index % columns);
            target[offset + i] += floats.get(place);
        }
    }

    static void scatter(float[] values, int offset, int[] indices, CpuTensor target) {
        FloatBuffer floats = target.memory().floats();
        int start = target.start(0);
        int columns = target.columns();
        boolean dense = target.isDense();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            int place = dense ? start + index : target.place(index / columns, index % columns);
            floats.put(place, values[offset + i]);
        }
    }

    private static void copyRow(CpuTensor source, int from, CpuTensor target, int to, int n) {
        target.memory().floats().put(to, source.memory().floats(), from, n);
    }
}

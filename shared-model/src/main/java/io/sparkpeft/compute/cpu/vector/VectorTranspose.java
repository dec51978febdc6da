package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Panel;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Columns become rows: a band of rows is copied to the heap, from where each column is gathered by one instruction. */
final class VectorTranspose {
    private VectorTranspose() {}

    static void run(CpuTensor source, Panel panel) {
        int columns = source.columns();
        float[] band = panel.band();
        FloatBuffer floats = source.memory().floats();
        for (int r = 0; r < panel.length(); r += Panel.BAND) {
            int rows = Math.max(0, Math.min(Panel.BAND, source.rows() - r));
            for (int i = 0; i < rows; i++) {
                floats.get(source.start(r + i), band, i * columns, columns);
            }
            Arrays.fill(band, rows * columns, Panel.BAND * columns, 0f);
            turn(band, columns, panel.column(), panel.values(), r);
        }
    }

    private static void turn(float[] band, int columns, int[] column, float[] target, int place) {
        for (int c = 0; c < columns; c++) {
            int to = c * Panel.STRIDE + place;
            for (int i = 0; i < Panel.BAND; i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.SPECIES, band, i * columns + c, column, 0)
                        .intoArray(target, to + i);
            }
        }
    }
}

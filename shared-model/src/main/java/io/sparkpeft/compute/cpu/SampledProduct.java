package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Panel;

/**
 * Chosen entries of a product, each as a dot product of two columns. The columns are made rows first, a panel of the
 * matrices' rows at a time, so that a dot product reads consecutive memory and a panel stays in the second cache.
 */
final class SampledProduct {
    private final Kernels kernels;
    private final Panel left = new Panel();
    private final Panel right = new Panel();

    SampledProduct(Kernels kernels) {
        this.kernels = kernels;
    }

    void add(CpuTensor leftMatrix, CpuTensor rightMatrix, Entries entries, float[] target, int offset) {
        for (int r = 0; r < leftMatrix.rows(); r += Panel.LENGTH) {
            int rows = Math.min(Panel.LENGTH, leftMatrix.rows() - r);
            turn(leftMatrix, r, rows, left);
            turn(rightMatrix, r, rows, right);
            for (int row = 0; row < entries.rows(); row++) {
                if (entries.starts()[row] < entries.starts()[row + 1]) {
                    kernels.addDots(left, row, right, entries, target, offset);
                }
            }
        }
    }

    private void turn(CpuTensor matrix, int from, int rows, Panel panel) {
        panel.resize(rows, matrix.columns());
        kernels.transpose(matrix.view(from, 0, rows, matrix.columns()), panel);
    }
}

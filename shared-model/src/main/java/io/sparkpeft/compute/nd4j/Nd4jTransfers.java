package io.sparkpeft.compute.nd4j;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies between ordinary memory and ND4J's, whole tensors or rows and entries by index. */
final class Nd4jTransfers {
    private Nd4jTransfers() {}

    static void upload(float[] source, int offset, Nd4jTensor target) {
        if (!target.isEmpty()) {
            float[] values = Arrays.copyOfRange(source, offset, offset + target.size());
            target.array().assign(Nd4j.create(values, new long[] {target.rows(), target.columns()}, 'c'));
        }
    }

    static void download(Nd4jTensor source, float[] target, int offset) {
        if (!source.isEmpty()) {
            float[] values = source.array().dup('c').data().asFloat();
            System.arraycopy(values, 0, target, offset, source.size());
        }
    }

    static void fill(Nd4jTensor target, float value) {
        if (!target.isEmpty()) {
            target.array().assign(value);
        }
    }

    static void copy(Nd4jTensor source, Nd4jTensor target) {
        if (!target.isEmpty()) {
            target.array().assign(source.array());
        }
    }

    static void gatherRows(Nd4jTensor table, int[] ids, Nd4jTensor output, boolean add) {
        for (int r = 0; r < output.rows() && !output.isEmpty(); r++) {
            INDArray to = row(output, r).array();
            INDArray from = row(table, ids[r]).array();
            if (add) {
                to.addi(from);
            } else {
                to.assign(from);
            }
        }
    }

    static void gatherColumns(Nd4jTensor source, int[] ids, Nd4jTensor output) {
        for (int c = 0; c < output.columns() && !output.isEmpty(); c++) {
            output.view(0, c, output.rows(), 1)
                    .array()
                    .assign(source.view(0, ids[c], source.rows(), 1).array());
        }
    }

    static void scatterAddRows(Nd4jTensor source, int[] ids, Nd4jTensor table, boolean squared) {
        for (int r = 0; r < source.rows() && !source.isEmpty(); r++) {
            INDArray x = row(source, r).array();
            row(table, ids[r]).array().addi(squared ? x.mul(x) : x);
        }
    }

    static void addGathered(Nd4jTensor source, int[] indices, float[] target, int offset) {
        if (source.isEmpty()) {
            return;
        }
        INDArray array = source.array();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            target[offset + i] += array.getFloat(index / source.columns(), index % source.columns());
        }
    }

    /** A plain loop: ND4J's norm2 sums floats, which overflow where the sum of doubles does not. */
    static double norm(float[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    static void addAll(Nd4jTensor source, float[] target, int offset) {
        float[] values = new float[source.size()];
        download(source, values, 0);
        for (int i = 0; i < values.length; i++) {
            target[offset + i] += values[i];
        }
    }

    static void scatter(float[] values, int offset, int[] indices, Nd4jTensor target) {
        if (target.isEmpty()) {
            return;
        }
        INDArray array = target.array();
        for (int i = 0; i < indices.length; i++) {
            int index = indices[i];
            array.putScalar(index / target.columns(), index % target.columns(), values[offset + i]);
        }
    }

    private static Nd4jTensor row(Nd4jTensor tensor, int row) {
        return tensor.view(row, 0, 1, tensor.columns());
    }
}

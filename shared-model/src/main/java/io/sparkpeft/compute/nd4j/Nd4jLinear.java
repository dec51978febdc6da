package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.argument.Entries;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix products, sums and squares by ND4J. */
final class Nd4jLinear {
    private Nd4jLinear() {}

    static void gemm(
            boolean transposeA, boolean transposeB, float alpha, Nd4jTensor a, Nd4jTensor b, float beta, Nd4jTensor c) {
        if (c.isEmpty()) {
            return;
        }
        INDArray result = c.array();
        if (beta == 0f) {
            result.assign(0f);
        } else {
            result.muli(beta);
        }
        if (!a.isEmpty()) {
            result.addi(product(transposeA, transposeB, a.array(), b.array()).muli(alpha));
        }
    }

    /** op(a)·op(b), a new array. */
    static INDArray product(boolean transposeA, boolean transposeB, INDArray a, INDArray b) {
        INDArray left = transposeA ? a.transpose() : a;
        INDArray right = transposeB ? b.transpose() : b;
        return left.mmul(right);
    }

    /** By the whole product, of which the entries are taken. */
    static void addSampledProduct(Nd4jTensor left, Nd4jTensor right, Entries entries, float[] target, int offset) {
        if (left.isEmpty() || entries.count() == 0) {
            return;
        }
        INDArray whole = product(true, false, left.array(), right.array());
        for (int row = 0; row < entries.rows(); row++) {
            for (int i = entries.starts()[row]; i < entries.starts()[row + 1]; i++) {
                target[offset + i] += whole.getFloat(row, entries.column(row, i));
            }
        }
    }

    static void addSquaredProducts(Nd4jTensor left, Nd4jTensor right, int[] bounds, Nd4jTensor target) {
        for (int s = 0; s + 1 < bounds.length; s++) {
            int rows = bounds[s + 1] - bounds[s];
            if (rows > 0 && !target.isEmpty()) {
                INDArray a = left.view(bounds[s], 0, rows, left.columns()).array();
                INDArray b = right.view(bounds[s], 0, rows, right.columns()).array();
                INDArray product = product(true, false, a, b);
                target.array().addi(product.mul(product));
            }
        }
    }

    static void add(float alpha, Nd4jTensor source, Nd4jTensor target) {
        if (!target.isEmpty()) {
            target.array().addi(source.array().mul(alpha));
        }
    }

    static void addBias(Nd4jTensor bias, Nd4jTensor target) {
        if (!target.isEmpty()) {
            target.array().addiRowVector(bias.array().dup());
        }
    }

    static void sumRows(Nd4jTensor source, Nd4jTensor target) {
        if (source.isEmpty()) {
            Nd4jTransfers.fill(target, 0f);
        } else {
            target.assign(source.doubles().sum(true, 0));
        }
    }

    static void addSquares(Nd4jTensor source, Nd4jTensor target) {
        if (!target.isEmpty()) {
            INDArray x = source.array();
            target.array().addi(x.mul(x));
        }
    }

    static void addColumnSquares(Nd4jTensor source, Nd4jTensor target) {
        if (!source.isEmpty()) {
            INDArray x = source.doubles();
            target.assign(target.doubles().addi(x.muli(x).sum(true, 0)));
        }
    }
}

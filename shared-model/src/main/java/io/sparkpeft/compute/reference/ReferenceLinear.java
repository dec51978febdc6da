package io.sparkpeft.compute.reference;

import io.sparkpeft.compute.argument.Entries;

/** Matrix products and sums, by their definition. */
final class ReferenceLinear {
    private ReferenceLinear() {}

    static void gemm(
            boolean transposeA,
            boolean transposeB,
            double alpha,
            ReferenceTensor a,
            ReferenceTensor b,
            double beta,
            ReferenceTensor c) {
        int inner = transposeA ? a.rows() : a.columns();
        for (int i = 0; i < c.rows(); i++) {
            for (int j = 0; j < c.columns(); j++) {
                double sum = 0;
                for (int p = 0; p < inner; p++) {
                    double left = transposeA ? a.get(p, i) : a.get(i, p);
                    double right = transposeB ? b.get(j, p) : b.get(p, j);
                    sum += left * right;
                }
                c.set(i, j, beta == 0 ? alpha * sum : alpha * sum + beta * c.get(i, j));
            }
        }
    }

    static void addBias(ReferenceTensor bias, ReferenceTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.add(r, c, bias.get(0, c));
            }
        }
    }

    static void sumRows(ReferenceTensor source, ReferenceTensor target) {
        for (int c = 0; c < source.columns(); c++) {
            double sum = 0;
            for (int r = 0; r < source.rows(); r++) {
                sum += source.get(r, c);
            }
            target.set(0, c, sum);
        }
    }

    static void addSampledProduct(
            ReferenceTensor left, ReferenceTensor right, Entries entries, float[] target, int offset) {
        for (int row = 0; row < entries.rows(); row++) {
            for (int i = entries.starts()[row]; i < entries.starts()[row + 1]; i++) {
                double sum = 0;
                for (int r = 0; r < left.rows(); r++) {
                    sum += left.get(r, row) * right.get(r, entries.column(row, i));
                }
                target[offset + i] += (float) sum;
            }
        }
    }

    static void addSquaredProducts(ReferenceTensor left, ReferenceTensor right, int[] bounds, ReferenceTensor target) {
        for (int s = 0; s + 1 < bounds.length; s++) {
            for (int i = 0; i < target.rows(); i++) {
                for (int j = 0; j < target.columns(); j++) {
                    double sum = 0;
                    for (int r = bounds[s]; r < bounds[s + 1]; r++) {
                        sum += left.get(r, i) * right.get(r, j);
                    }
                    target.add(i, j, sum * sum);
                }
            }
        }
    }

    static void add(double alpha, ReferenceTensor source, ReferenceTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.add(r, c, alpha * source.get(r, c));
            }
        }
    }
}

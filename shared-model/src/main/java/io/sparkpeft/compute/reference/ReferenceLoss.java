package io.sparkpeft.compute.reference;

/** Softmax and cross-entropy. */
final class ReferenceLoss {
    private ReferenceLoss() {}

    /** Softmax in place. */
    static void softmax(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - largest);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
    }

    static void softmax(ReferenceTensor logits, ReferenceTensor output) {
        for (int r = 0; r < logits.rows(); r++) {
            double[] row = row(logits, r);
            softmax(row);
            setRow(output, r, row);
        }
    }

    static void losses(ReferenceTensor logits, int[] labels, float[] losses) {
        for (int r = 0; r < logits.rows(); r++) {
            losses[r] = labels[r] < 0 ? 0f : (float) loss(row(logits, r), labels[r]);
        }
    }

    static void gradient(ReferenceTensor logits, int[] labels, float[] rowScale, ReferenceTensor gradient) {
        for (int r = 0; r < logits.rows(); r++) {
            double[] row = row(logits, r);
            if (labels[r] < 0) {
                setRow(gradient, r, new double[row.length]);
                continue;
            }
            softmax(row);
            row[labels[r]] -= 1;
            for (int c = 0; c < row.length; c++) {
                row[c] *= rowScale[r];
            }
            setRow(gradient, r, row);
        }
    }

    /** log Σ exp(logits) − logits[label]. */
    static double loss(double[] logits, int label) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return Math.log(sum) + largest - logits[label];
    }

    private static double[] row(ReferenceTensor tensor, int row) {
        double[] values = new double[tensor.columns()];
        for (int c = 0; c < values.length; c++) {
            values[c] = tensor.get(row, c);
        }
        return values;
    }

    private static void setRow(ReferenceTensor tensor, int row, double[] values) {
        for (int c = 0; c < values.length; c++) {
            tensor.set(row, c, values[c]);
        }
    }
}

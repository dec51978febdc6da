package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;

/** Softmax and cross-entropy in plain loops, sums in double. */
final class PlainSoftmax {
    private PlainSoftmax() {}

    static void softmax(CpuTensor logits, CpuTensor output) {
        for (int r = 0; r < logits.rows(); r++) {
            softmaxRow(logits, r, logits.columns(), 1f, output);
        }
    }

    /** Softmax of scale times the first n entries of a row. */
    static void softmaxRow(CpuTensor logits, int r, int n, float scale, CpuTensor output) {
        float largest = largest(logits, r, n);
        double sum = 0;
        for (int c = 0; c < n; c++) {
            float e = (float) Math.exp((logits.value(r, c) - largest) * scale);
            sum += e;
            output.set(r, c, e);
        }
        float inverse = (float) (1 / sum);
        for (int c = 0; c < n; c++) {
            output.set(r, c, output.value(r, c) * inverse);
        }
    }

    static void crossEntropy(CpuTensor logits, int[] labels, float[] rowScale, float[] losses, CpuTensor gradient) {
        crossEntropy(logits, labels, losses);
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] < 0) {
                for (int c = 0; c < logits.columns(); c++) {
                    gradient.set(r, c, 0f);
                }
                continue;
            }
            softmaxRow(logits, r, logits.columns(), 1f, gradient);
            for (int c = 0; c < logits.columns(); c++) {
                gradient.set(r, c, gradient.value(r, c) * rowScale[r]);
            }
            gradient.set(r, labels[r], gradient.value(r, labels[r]) - rowScale[r]);
        }
    }

    static void crossEntropy(CpuTensor logits, int[] labels, float[] losses) {
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] < 0) {
                losses[r] = 0f;
                continue;
            }
            float largest = largest(logits, r, logits.columns());
            double sum = 0;
            for (int c = 0; c < logits.columns(); c++) {
                sum += Math.exp(logits.value(r, c) - largest);
            }
            losses[r] = (float) (Math.log(sum) + ((double) largest - logits.value(r, labels[r])));
        }
    }

    private static float largest(CpuTensor logits, int r, int n) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < n; c++) {
            largest = Math.max(largest, logits.value(r, c));
        }
        return largest;
    }
}

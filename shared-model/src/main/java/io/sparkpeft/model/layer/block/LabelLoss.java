package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.layer.Pass;
import java.util.Arrays;

/**
 * The cross-entropy of the rows that a head sees.
 *
 * @param labels of the rows
 * @param scales factor of each row's gradient
 * @param losses written: the loss of every row
 */
public record LabelLoss(int[] labels, float[] scales, float[] losses) {
    /** Losses alone. */
    public static LabelLoss of(int[] labels) {
        return new LabelLoss(labels, new float[0], new float[labels.length]);
    }

    /** The losses of some rows from their logits. */
    void measure(Pass pass, int from, Tensor logits) {
        float[] some = new float[logits.rows()];
        pass.backend().crossEntropy(logits, part(from, some.length), some);
        System.arraycopy(some, 0, losses, from, some.length);
    }

    /** The losses of some rows; the logits become their gradient. */
    void differentiate(Pass pass, int from, Tensor logits) {
        float[] some = new float[logits.rows()];
        float[] scale = Arrays.copyOfRange(scales, from, from + some.length);
        pass.backend().crossEntropy(logits, part(from, some.length), scale, some, logits);
        System.arraycopy(some, 0, losses, from, some.length);
    }

    private int[] part(int from, int count) {
        return Arrays.copyOfRange(labels, from, from + count);
    }
}

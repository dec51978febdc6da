package io.sparkpeft.model.transformer;

import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.TransformerConfig.PooledToken;
import io.sparkpeft.model.layer.Rows;

/**
 * The rows of a batch whose hidden states the head reads: one per sequence for a classifier, those with a label for a
 * language model.
 *
 * @param ids of the rows, ascending
 * @param rows the same for layers
 * @param places index in the batch's labels of every target
 * @param labels of the targets; −1 where a classifier is asked for probabilities only
 */
record Targets(int[] ids, Rows rows, int[] places, int[] labels) {

    static Targets of(TokenBatch batch, Rows all, PooledToken pooled) {
        return batch.objective() == Objective.SEQUENCE_CLASSIFICATION
                ? ofSequences(batch, all, pooled)
                : ofTokens(batch, all);
    }

    private static Targets ofSequences(TokenBatch batch, Rows all, PooledToken pooled) {
        int[] ids = new int[batch.examples()];
        int[] places = new int[ids.length];
        for (int s = 0; s < ids.length; s++) {
            ids[s] = pooled == PooledToken.FIRST ? batch.offsets()[s] : batch.offsets()[s + 1] - 1;
            places[s] = s;
        }
        return new Targets(ids, all.select(ids), places, batch.labels());
    }

    private static Targets ofTokens(TokenBatch batch, Rows all) {
        int[] ids = new int[batch.targets()];
        int[] labels = new int[ids.length];
        int next = 0;
        for (int r = 0; r < batch.labels().length; r++) {
            if (batch.labels()[r] >= 0) {
                ids[next] = r;
                labels[next++] = batch.labels()[r];
            }
        }
        return new Targets(ids, all.select(ids), ids, labels);
    }

    int count() {
        return ids.length;
    }

    /** Number of targets that have a label. */
    int labelled() {
        int count = 0;
        for (int label : labels) {
            count += label >= 0 ? 1 : 0;
        }
        return count;
    }

    /** The losses of all targets together. */
    BatchLoss sum(float[] losses) {
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return new BatchLoss(sum, labelled());
    }

    /** What every target's loss is multiplied by, from one factor per label of the batch. */
    float[] scales(float[] ofLabels) {
        float[] scales = new float[count()];
        for (int t = 0; t < scales.length; t++) {
            scales[t] = ofLabels[places[t]];
        }
        return scales;
    }
}

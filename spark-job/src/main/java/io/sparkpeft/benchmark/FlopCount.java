package io.sparkpeft.benchmark;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import java.util.List;

/**
 * Floating-point operations of matrix products, a multiplication and an addition each counted as one. A dense training
 * step that leaves nothing out takes three forward passes' worth: one forward, one for the gradients of the inputs, one
 * for those of the weights. With h hidden, k the width of the keys, f feed-forward, R tokens in sequences of lengths
 * l_s, T positions that the head reads, V outputs of the head:
 *
 * <pre>
 *   forward = layers·(2·R·(2·h² + 2·h·k + m·h·f) + 4·h·Σ l_s²) + 2·T·(d·h² + h·V)
 * </pre>
 *
 * with m = 3 for Llama's gated feed-forward and 2 else, d = 1 where BERT's head has a dense layer and 0 else. Causal
 * attention counts whole squares. The count says what the task asks for, not what an engine does of it: an engine that
 * leaves work out reaches more of these operations a second.
 */
final class FlopCount {
    private FlopCount() {}

    /** Operations of one dense training step on the micro-batches. */
    static long trainingStep(ModelShape shape, int classes, List<TokenBatch> batches) {
        return 3
                * batches.stream()
                        .mapToLong(batch -> forward(shape, classes, batch))
                        .sum();
    }

    private static long forward(ModelShape shape, int classes, TokenBatch batch) {
        long hidden = shape.hidden();
        long matrices = shape.family().equals("llama") ? 3 : 2;
        long weights = 2 * hidden * hidden + 2 * hidden * shape.keyWidth() + matrices * hidden * shape.feedForward();
        long squares = 0;
        for (int s = 0; s < batch.examples(); s++) {
            long length = batch.offsets()[s + 1] - batch.offsets()[s];
            squares += length * length;
        }
        return shape.layers() * (2 * batch.units() * weights + 4 * hidden * squares) + head(shape, classes, batch);
    }

    private static long head(ModelShape shape, int classes, TokenBatch batch) {
        boolean classifies = batch.objective() == Objective.SEQUENCE_CLASSIFICATION;
        long outputs = classifies ? classes : shape.vocabulary();
        long read = classifies ? batch.examples() : batch.targets();
        long dense = shape.family().equals("bert") ? (long) shape.hidden() * shape.hidden() : 0;
        return 2 * read * (dense + shape.hidden() * outputs);
    }
}

package io.sparkpeft.benchmark;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.TransformerConfig;
import java.util.List;

/**
 * Floating-point operations of matrix products, a multiplication and an addition each counted as one. A dense training
 * step that leaves nothing out takes three forward passes' worth: one forward, one for the gradients of the inputs, one
 * for those of the weights. With h hidden, q and k the widths of queries and keys, f feed-forward, R tokens in sequences
 * of lengths l_s, T positions that the head reads, V outputs of the head:
 *
 * <pre>
 *   forward = layers·(2·R·(2·h·q + 2·h·k + m·h·f) + 4·q·Σ l_s²) + 2·T·(d·h² + h·V)
 * </pre>
 *
 * with m = 3 where the feed-forward is gated and 2 else, d = 1 where the head has a dense layer and 0 else. Causal
 * attention counts whole squares. The count says what the task asks for, not what an engine does of it: an engine that
 * leaves work out reaches more of these operations a second.
 */
final class FlopCount {
    private FlopCount() {}

    /** Operations of one dense training step on the micro-batches. */
    static long trainingStep(ModelDefinition model, List<TokenBatch> batches) {
        return 3 * batches.stream().mapToLong(batch -> forward(model, batch)).sum();
    }

    private static long forward(ModelDefinition model, TokenBatch batch) {
        TransformerConfig config = model.config();
        long hidden = config.sizes().hidden();
        long query = config.attention().queryWidth();
        long matrices = config.feedForward().gated() ? 3 : 2;
        long weights = 2 * hidden * (query + config.attention().keyWidth())
                + matrices * hidden * config.sizes().intermediate();
        long squares = 0;
        for (int s = 0; s < batch.examples(); s++) {
            long length = batch.offsets()[s + 1] - batch.offsets()[s];
            squares += length * length;
        }
        return config.sizes().layers() * (2 * batch.units() * weights + 4 * query * squares) + head(model, batch);
    }

    private static long head(ModelDefinition model, TokenBatch batch) {
        boolean classifies = batch.objective() == Objective.SEQUENCE_CLASSIFICATION;
        long hidden = model.config().sizes().hidden();
        long read = classifies ? batch.examples() : batch.targets();
        long dense = model.has(classifies ? Part.POOLER : Part.LM_TRANSFORM) ? hidden * hidden : 0;
        return 2 * read * (dense + hidden * model.classes(batch.objective()));
    }
}

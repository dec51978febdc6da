package io.sparkpeft.stage.train;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.round.RoundVectors;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.store.Checkpoint;

/**
 * Everything between two rounds.
 *
 * @param round rounds done
 * @param updateMask the weights that are tuned
 * @param index their coordinates
 * @param values the tuned weights, [k]
 * @param moments of the inner optimiser
 * @param velocity of the outer step, [k]; empty where it has no momentum
 */
public record RoundState(
        int round, Artefact updateMask, MaskIndex index, float[] values, OptimizerState moments, float[] velocity) {
    static final float[] NONE = new float[0];

    public static RoundState start(Artefact updateMask, MaskIndex index, float[] values) {
        return new RoundState(0, updateMask, index, values, OptimizerState.none(), NONE);
    }

    /** What the next round starts from. */
    RoundVectors vectors() {
        return new RoundVectors(values, moments, velocity);
    }

    /** The state after a round of the same weights. */
    RoundState after(int rounds, RoundVectors made) {
        return new RoundState(rounds, updateMask, index, made.values(), made.moments(), made.velocity());
    }

    /** What a checkpoint says of itself. */
    public record Position(String phase, int round, Artefact updateMask) {}

    public Checkpoint checkpoint(String phase, long sequence) {
        Checkpoint checkpoint =
                Checkpoint.of(sequence, new Position(phase, round, updateMask)).with("values", values);
        if (!moments.isNone()) {
            checkpoint = checkpoint.with("first", moments.first()).with("second", moments.second());
        }
        return velocity.length > 0 ? checkpoint.with("velocity", velocity) : checkpoint;
    }

    /** @param index coordinates of the checkpoint's mask */
    public static RoundState of(Checkpoint checkpoint, Position position, MaskIndex index) {
        OptimizerState moments = checkpoint.has("first")
                ? new OptimizerState(checkpoint.floats("first"), checkpoint.floats("second"))
                : OptimizerState.none();
        float[] velocity = checkpoint.has("velocity") ? checkpoint.floats("velocity") : NONE;
        return new RoundState(
                position.round(), position.updateMask(), index, checkpoint.floats("values"), moments, velocity);
    }
}

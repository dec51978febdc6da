package io.sparkpeft.benchmark;

import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.OptionalLong;

/** What a task of a round does on one thread: local steps of AdamW on the weights of a mask, timed one by one. */
final class TrainingTask {
    private static final double RATE = 1e-4;

    private final TransformerModel model;
    private final LocalTrainer<TokenBatch> trainer;

    TrainingTask(TransformerModel model, MaskIndex index, int steps) {
        this.model = model;
        TrainSettings settings =
                new TrainSettings(LearningRate.of("constant", RATE, steps), OptimizerSettings.adamW(), 0);
        this.trainer = new LocalTrainer<>(model, index, settings);
    }

    /** Makes the clock's steps from these values on. */
    LocalUpdate run(float[] values, StepClock clock) {
        LocalUpdate update =
                trainer.train(new RoundInput(values, OptimizerState.none(), 0, clock.steps(), false), clock);
        clock.stop();
        return update;
    }

    /** Bytes that the replica holds for activations and gradients. */
    long workspace() {
        return model.workspace() * Float.BYTES;
    }

    /** Bytes that all replicas hold of a device's memory, if one computes. */
    OptionalLong deviceBytes() {
        return model.backend().deviceBytes();
    }

    /** Bytes of the weights that the replica shares with nobody. */
    long ownBytes() {
        return model.weights() instanceof ReplicaWeights own ? own.ownBytes() : 0;
    }

    /** Gives the replica's memory back, its backend's too. */
    void release() {
        trainer.close();
        model.close();
        model.backend().close();
    }
}

package io.sparkpeft.benchmark;

import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;

/** What a task of a round does on one thread: local steps of AdamW on the weights of a mask, timed one by one. */
final class TrainingTask {
    private static final double RATE = 1e-4;

    private final TransformerModel model;
    private final MaskIndex index;
    private final LocalTrainer<TokenBatch> trainer;

    TrainingTask(TransformerModel model, MaskIndex index, int steps) {
        this.model = model;
        this.index = index;
        this.trainer = new LocalTrainer<>(
                model,
                index,
                new TrainSettings(LearningRate.of("constant", RATE, steps), OptimizerSettings.adamW(), 0));
    }

    /** Makes the clock's steps. */
    LocalUpdate run(PretrainedModel weights, StepClock clock) {
        RoundInput input =
                new RoundInput(index.gather(weights.parameters()), OptimizerState.none(), 0, clock.steps(), false);
        LocalUpdate update = trainer.train(input, clock);
        clock.stop();
        return update;
    }

    void release() {
        RandomModel.release(model);
    }
}

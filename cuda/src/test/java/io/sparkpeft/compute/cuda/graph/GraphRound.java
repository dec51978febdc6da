package io.sparkpeft.compute.cuda.graph;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.Arrays;
import java.util.List;

/**
 * A round in which every step differs from the last in what small arrays hold: tokens, dropout, the rate, what is clipped.
 * Steps 5, 9, 13, … have fewer sequences than the others.
 */
public final class GraphRound {
    private static final int STEPS = 14;

    private GraphRound() {}

    /** The weights and moments after the round; the backend is closed. */
    public static LocalUpdate run(TinyModel tiny, Backend backend) {
        PretrainedModel pretrained = tiny.load();
        MaskIndex index = new MaskIndex(ToyMasks.random(pretrained.parameters().layout(), 5, 0.1));
        TrainSettings settings =
                new TrainSettings(LearningRate.of("linear", 0.01, 2 * STEPS), OptimizerSettings.adamW(), 0.5);
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        float[] start = index.gather(pretrained.parameters());
        try (backend;
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters());
                LocalTrainer<TokenBatch> trainer = new LocalTrainer<>(model, index, settings)) {
            return trainer.train(
                    new RoundInput(start, OptimizerState.none(), 0, STEPS, true), step -> List.of(of(batch, step)));
        }
    }

    private static TokenBatch of(TokenBatch batch, long step) {
        int sequences = step % 4 == 1 && step > 1 ? 2 : batch.offsets().length - 1;
        int[] offsets = Arrays.copyOf(batch.offsets(), sequences + 1);
        int rows = offsets[sequences];
        int[] tokens = Arrays.copyOf(batch.tokens(), rows);
        tokens[0] = (int) (step % 7);
        long[] keys = new long[sequences];
        Arrays.setAll(keys, s -> 100 * step + s);
        int labels = batch.objective().isLanguageModel() ? rows : sequences;
        int[] types = batch.typeIds().length == 0 ? new int[0] : Arrays.copyOf(batch.typeIds(), rows);
        return new TokenBatch(batch.objective(), tokens, types, offsets, Arrays.copyOf(batch.labels(), labels), keys);
    }
}

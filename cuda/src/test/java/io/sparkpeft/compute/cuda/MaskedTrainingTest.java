package io.sparkpeft.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.cuda.emulator.EmulatedProvider;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole models of every family: what the cuda backend's kernels make of a round and of importance, and the cpu's. */
@NeedsEmulator
class MaskedTrainingTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";
    private static final int STEPS = 4;

    private static TransformerModel model(PretrainedModel pretrained, String backend) {
        return new TransformerModel(pretrained.definition(), BackendProvider.create(backend), pretrained.parameters());
    }

    /** A mask of a tenth of the weights. */
    private static MaskIndex tenth(PretrainedModel pretrained) {
        return new MaskIndex(ToyMasks.random(pretrained.parameters().layout(), 5, 0.1));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void roundsEndAtTheSameWeights(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        MaskIndex index = tenth(pretrained);
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        LocalUpdate expected = round(pretrained, "cpu", index, batch, OptimizerSettings.sgd());
        LocalUpdate found = round(pretrained, EmulatedProvider.NAME, index, batch, OptimizerSettings.sgd());
        assertThat(found.values()).containsExactly(expected.values(), within(2e-6f));
        assertThat(found.values()).isNotEqualTo(index.gather(pretrained.parameters()));
        assertThat(found.tally().lossSum())
                .isCloseTo(
                        expected.tally().lossSum(),
                        within(1e-5 * expected.tally().lossSum()));
        assertThat(found.tally().largestNorm())
                .isCloseTo(
                        expected.tally().largestNorm(),
                        within(1e-5 * expected.tally().largestNorm()));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void adamLearnsAsWell(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        MaskIndex index = tenth(pretrained);
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        LocalUpdate expected = round(pretrained, "cpu", index, batch, OptimizerSettings.adamW());
        LocalUpdate found = round(pretrained, EmulatedProvider.NAME, index, batch, OptimizerSettings.adamW());
        assertThat(found.tally().lossSum())
                .isCloseTo(
                        expected.tally().lossSum(),
                        within(1e-3 * expected.tally().lossSum()));
        assertThat(round(pretrained, EmulatedProvider.NAME, index, batch, OptimizerSettings.adamW())
                        .values())
                .containsExactly(found.values());
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void recomputingChangesNoBit(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        MaskIndex index = tenth(pretrained);
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        OptimizerSettings sgd = OptimizerSettings.sgd();
        LocalUpdate kept = round(pretrained, EmulatedProvider.NAME, index, batch, sgd);
        for (Recompute recompute : List.of(Recompute.SELECTIVE, Recompute.FULL)) {
            LocalUpdate again = round(pretrained, EmulatedProvider.NAME, index, batch, sgd, recompute);
            assertThat(again.values()).as(recompute.name()).containsExactly(kept.values());
            assertThat(again.tally()).isEqualTo(kept.tally());
        }
    }

    private static LocalUpdate round(
            PretrainedModel pretrained,
            String backend,
            MaskIndex index,
            TokenBatch batch,
            OptimizerSettings optimizer) {
        return round(pretrained, backend, index, batch, optimizer, Recompute.NONE);
    }

    private static LocalUpdate round(
            PretrainedModel pretrained,
            String backend,
            MaskIndex index,
            TokenBatch batch,
            OptimizerSettings optimizer,
            Recompute recompute) {
        TrainSettings settings = new TrainSettings(LearningRate.of("constant", 0.01, 9), optimizer, 1);
        float[] start = index.gather(pretrained.parameters());
        try (TransformerModel model = model(pretrained, backend)) {
            return new LocalTrainer<>(model.recomputing(recompute), index, settings)
                    .train(new RoundInput(start, OptimizerState.none(), 0, STEPS, true), s -> List.of(batch));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void importanceIsTheSame(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        for (ImportanceStatistic statistic :
                List.of(ImportanceStatistic.SQUARED_GRADIENT, ImportanceStatistic.EXPECTED_SQUARED_GRADIENT)) {
            float[] expected = importance(pretrained, "cpu", statistic, batch);
            float[] found = importance(pretrained, EmulatedProvider.NAME, statistic, batch);
            float largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, value);
            }
            assertThat(largest).isPositive();
            assertThat(found).containsExactly(expected, within(2e-5f * largest));
        }
    }

    private static float[] importance(
            PretrainedModel pretrained, String backend, ImportanceStatistic statistic, TokenBatch batch) {
        try (TransformerModel model = model(pretrained, backend);
                ImportanceAccumulator<TokenBatch> accumulator = new ImportanceAccumulator<>(model, statistic, 3)) {
            accumulator.add(batch);
            float[] all = new float[0];
            for (ParameterSlice slice : ParameterSlice.of(model.layout(), TensorRole.BODY, 50)) {
                float[] cut = accumulator.cut(slice);
                int from = all.length;
                all = Arrays.copyOf(all, from + cut.length);
                System.arraycopy(cut, 0, all, from, cut.length);
            }
            return all;
        }
    }
}

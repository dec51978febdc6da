package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Importance and masked training on every family, with the kernels that production uses. */
class MethodOnTransformersTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";

    private static TransformerModel model(PretrainedModel pretrained) {
        return new TransformerModel(pretrained.definition(), BackendProvider.create("cpu"), pretrained.parameters());
    }

    private static List<TokenBatch> oneByOne(TokenBatch batch) {
        return IntStream.range(0, batch.examples())
                .mapToObj(s -> TinyModel.only(batch, s))
                .toList();
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void statisticsAreSumsOverExamplesHoweverTheyAreBatched(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        try (TransformerModel model = model(pretrained)) {
            for (ImportanceStatistic statistic : sums(tiny)) {
                requireSame(
                        model,
                        statistic(model, statistic, List.of(batch)),
                        statistic(model, statistic, oneByOne(batch)));
            }
        }
    }

    /** A language model observes no inputs of a sequence without targets, unless others are beside it. */
    private static List<ImportanceStatistic> sums(TinyModel tiny) {
        List<ImportanceStatistic> squares =
                List.of(ImportanceStatistic.SQUARED_GRADIENT, ImportanceStatistic.EXPECTED_SQUARED_GRADIENT);
        List<ImportanceStatistic> all = Stream.concat(squares.stream(), Stream.of(ImportanceStatistic.SQUARED_INPUT))
                .toList();
        return tiny.objective().isLanguageModel() ? squares : all;
    }

    private static void requireSame(TransformerModel model, double[] whole, double[] parts) {
        double largest = Arrays.stream(whole).max().orElseThrow();
        assertThat(largest).isPositive();
        for (int i = 0; i < whole.length; i++) {
            if (Math.abs(parts[i] - whole[i]) > 1e-4 * largest) {
                int tensor = model.layout().tensorAt(i);
                fail("%s: %s by example, %s together", model.layout().tensor(tensor), parts[i], whole[i]);
            }
        }
    }

    private static double[] statistic(TransformerModel model, ImportanceStatistic statistic, List<TokenBatch> batches) {
        double[] all = new double[(int) model.layout().size()];
        try (ImportanceAccumulator<TokenBatch> accumulator = new ImportanceAccumulator<>(model, statistic, 3)) {
            batches.forEach(accumulator::add);
            for (ParameterSlice slice : ParameterSlice.of(model.layout(), TensorRole.BODY, 50)) {
                float[] cut = accumulator.cut(slice);
                for (int p = 0; p < cut.length; p++) {
                    all[(int) slice.flatIndex(p)] = cut[p];
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void trainingMovesTheMaskAloneAndMicroBatchesAddUp(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        ParameterMask mask = ToyMasks.random(pretrained.parameters().layout(), 5, 0.1);
        MaskIndex index = new MaskIndex(mask);
        float[] start = index.gather(pretrained.parameters());
        try (TransformerModel model = model(pretrained)) {
            double before = model.loss(batch).mean();
            LocalUpdate whole = train(model, index, start, List.of(batch));
            assertThat(model.loss(batch).mean()).isLessThan(before);
            assertThat(whole.values()).isNotEqualTo(start);
            requireUntouched(model, pretrained, mask);
            LocalUpdate parts = train(model, index, start, oneByOne(batch));
            for (int i = 0; i < start.length; i++) {
                assertThat(parts.values()[i]).isCloseTo(whole.values()[i], within(1e-4f));
            }
            assertThat(parts.tally().examples()).isEqualTo(whole.tally().examples());
        }
    }

    /** Gradient descent: AdamW turns gradients that differ by a rounding error into steps of opposite sign. */
    private static LocalUpdate train(TransformerModel model, MaskIndex index, float[] start, List<TokenBatch> batches) {
        TrainSettings settings = new TrainSettings(LearningRate.of("constant", 0.05, 9), OptimizerSettings.sgd(), 0);
        return new LocalTrainer<>(model, index, settings)
                .train(new RoundInput(start, OptimizerState.none(), 0, 4, false), s -> batches);
    }

    private static void requireUntouched(TransformerModel model, PretrainedModel pretrained, ParameterMask mask) {
        for (int t = 0; t < model.layout().count(); t++) {
            float[] live = new float[model.layout().tensor(t).size()];
            model.backend().download(model.parameter(t), live, 0);
            for (int i = 0; i < live.length; i++) {
                int original = Float.floatToRawIntBits(pretrained.parameters().tensor(t)[i]);
                if (!mask.contains(t, i) && Float.floatToRawIntBits(live[i]) != original) {
                    fail("Weight %d of %s has moved", i, model.layout().tensor(t));
                }
            }
        }
    }
}

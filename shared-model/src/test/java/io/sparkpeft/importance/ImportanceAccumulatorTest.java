package io.sparkpeft.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.toy.ToyBatch;
import io.sparkpeft.toy.ToyModel;
import io.sparkpeft.train.MaskedGradientSink;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImportanceAccumulatorTest {
    private static final MaskIndex BODY = new MaskIndex(ParameterMask.all(ToyModel.LAYOUT, TensorRole.BODY));

    private final ToyModel model = new ToyModel(BackendProvider.create("reference"), ToyModel.random(1));
    private final ToyBatch data = ToyBatch.random(2, 30, ToyModel.VOCABULARY, ToyModel.CLASSES);

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void fisherSquaresTheGradientOfEveryExampleByItself() {
        float[] expected = new float[BODY.size()];
        for (ToyBatch example : data.split(1)) {
            addSquares(gradient(example, 1f), 1, expected);
        }
        float[] fisher = statistic(ImportanceStatistic.SQUARED_GRADIENT, data.split(7));
        assertThat(fisher).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
        float[] squaredMean = new float[BODY.size()];
        addSquares(gradient(data, 1f / 30), 1, squaredMean);
        assertThat(sum(fisher)).isGreaterThan(5 * sum(squaredMean));
    }

    @Test
    void expectedFisherWeighsEveryClassByItsProbability() {
        float[] expected = new float[BODY.size()];
        for (ToyBatch example : data.split(1)) {
            float[] probabilities = model.predict(example).probabilities()[0];
            for (int c = 0; c < ToyModel.CLASSES; c++) {
                addSquares(gradient(model.withLabel(example, c), 1f), probabilities[c], expected);
            }
        }
        assertThat(statistic(ImportanceStatistic.EXPECTED_SQUARED_GRADIENT, data.split(7)))
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(expected);
    }

    @Test
    void gradientSumAddsBatchMeans() {
        float[] expected = new float[BODY.size()];
        for (ToyBatch batch : data.split(8)) {
            float[] mean = gradient(batch, 1f / batch.targets());
            for (int i = 0; i < expected.length; i++) {
                expected[i] += mean[i];
            }
        }
        assertThat(statistic(ImportanceStatistic.GRADIENT_SUM, data.split(8)))
                .usingComparatorWithPrecision(1e-5f)
                .containsExactly(expected);
    }

    @Test
    void squaredInputIsTheSameForAllWeightsThatReadTheInput() {
        Parameters sums = Parameters.zeros(ToyModel.LAYOUT);
        BODY.scatter(statistic(ImportanceStatistic.SQUARED_INPUT, data.split(9)), sums);
        Parameters weights = model.parameters();
        for (int input = 0; input < 5; input++) {
            double expected = 0;
            for (int word : data.words()) {
                expected += Math.pow(weights.tensor(ToyModel.EMBEDDING)[word * 5 + input], 2);
            }
            for (int output = 0; output < 7; output++) {
                assertThat((double) sums.tensor(ToyModel.LINEAR)[output * 5 + input])
                        .isCloseTo(expected, within(1e-4));
            }
        }
        float[] conv = sums.tensor(ToyModel.CONV);
        for (int i = 0; i < conv.length; i++) {
            assertThat(conv[i]).isPositive().isEqualTo(conv[i / 6 * 6]);
        }
        assertThat(sums.tensor(ToyModel.EMBEDDING)).containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource(
            value = ImportanceStatistic.class,
            names = {"SQUARED_GRADIENT", "EXPECTED_SQUARED_GRADIENT", "SQUARED_INPUT"})
    void anyPartitionOfTheExamplesGivesTheSameSum(ImportanceStatistic statistic) {
        float[] whole = statistic(statistic, List.of(data));
        float[] parts = statistic(statistic, data.split(4));
        for (int i = 0; i < whole.length; i++) {
            assertThat(parts[i]).isCloseTo(whole[i], within(1e-5f * (1 + whole[i])));
        }
        assertThat(sum(whole)).isPositive();
    }

    @Test
    void clearStartsAnewAndExamplesAreCounted() {
        try (ImportanceAccumulator<ToyBatch> accumulator =
                new ImportanceAccumulator<>(model, ImportanceStatistic.SQUARED_GRADIENT, 3)) {
            accumulator.add(data);
            float[] first = accumulator.tensor(ToyModel.LINEAR);
            accumulator.clear();
            data.split(10).forEach(accumulator::add);
            assertThat(accumulator.examples()).isEqualTo(30);
            assertThat(accumulator.batches()).isEqualTo(3);
            assertThat(accumulator.tensor(ToyModel.LINEAR))
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(first);
        }
    }

    private float[] statistic(ImportanceStatistic statistic, List<ToyBatch> batches) {
        Parameters sums = Parameters.zeros(ToyModel.LAYOUT);
        try (ImportanceAccumulator<ToyBatch> accumulator = new ImportanceAccumulator<>(model, statistic, 3)) {
            batches.forEach(accumulator::add);
            for (ParameterSlice slice : ParameterSlice.of(ToyModel.LAYOUT, TensorRole.BODY, 11)) {
                place(slice, accumulator.cut(slice), sums);
            }
        }
        return BODY.gather(sums);
    }

    private static void place(ParameterSlice slice, float[] cut, Parameters target) {
        for (int p = 0; p < cut.length; p++) {
            target.tensor(slice.tensor())[slice.localIndex(p)] = cut[p];
        }
    }

    private float[] gradient(ToyBatch batch, float scale) {
        MaskedGradientSink sink = new MaskedGradientSink(BODY, model.backend());
        model.lossAndGradient(batch, scale, sink);
        return sink.gradient();
    }

    private static void addSquares(float[] gradient, float factor, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * gradient[i] * gradient[i];
        }
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += v;
        }
        return sum;
    }
}

package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.reference.ReferenceBackend;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What packing, masks and dropout may and may not change. */
class TransformerModelTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";

    @ParameterizedTest
    @MethodSource(ALL)
    void packedSequencesGiveWhatEachGivesAlone(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, false);
            BatchLoss packed = model.loss(batch);
            Predictions predictions = model.predict(batch);
            BatchLoss alone = BatchLoss.ZERO;
            for (int s = 0; s < batch.examples(); s++) {
                TokenBatch one = TinyModel.only(batch, s);
                BatchLoss loss = model.loss(one);
                alone = alone.plus(loss);
                assertThat(predictions.losses()[s]).isCloseTo((float) loss.sum(), within(1e-5f));
                assertThat(predictions.targets()[s]).isEqualTo((int) loss.targets());
                if (!tiny.objective().isLanguageModel()) {
                    assertThat(predictions.probabilities()[s])
                            .containsExactly(model.predict(one).probabilities()[0], within(1e-6f));
                }
            }
            assertThat(packed.targets()).isEqualTo(alone.targets()).isEqualTo(batch.targets());
            assertThat(packed.sum()).isCloseTo(alone.sum(), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void gradientsByExampleAreThoseOfEachExampleAloneAndSumToTheBatchs(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, true);
            GradientRecorder byExample =
                    new GradientRecorder(model.layout(), model.backend(), batch.examples(), t -> true);
            BatchLoss loss = model.lossAndGradient(batch, 1f, byExample);
            GradientRecorder summed = GradientRecorder.ofBatch(model);
            assertThat(model.lossAndGradient(batch, 1f, summed)).isEqualTo(loss);
            double alone = 0;
            for (int t = 0; t < summed.sums.length; t++) {
                assertThat(byExample.sums[t]).as("tensor %d", t).containsExactly(summed.sums[t], within(1e-10));
            }
            for (int s = 0; s < batch.examples(); s++) {
                GradientRecorder one = GradientRecorder.ofBatch(model);
                alone +=
                        model.lossAndGradient(TinyModel.only(batch, s), 1f, one).sum();
                for (int t = 0; t < summed.sums.length; t++) {
                    assertThat(byExample.examples[s][t])
                            .as("tensor %d of example %d", t, s)
                            .containsExactly(one.sums[t], within(1e-10));
                }
            }
            assertThat(alone).as("dropout does not depend on packing").isCloseTo(loss.sum(), within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void dropoutChangesTheLossByItsKeysOnly(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch dropped = batch(tiny, true);
            TokenBatch whole = batch(tiny, false);
            double first = lossOf(model, dropped);
            assertThat(lossOf(model, dropped)).isEqualTo(first);
            assertThat(lossOf(model, whole))
                    .isNotEqualTo(first)
                    .isEqualTo(model.loss(whole).sum());
            assertThat(model.loss(dropped)).isEqualTo(model.loss(whole));
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aTensorsGradientIsTheSameWhateverElseIsWanted(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, true);
            GradientRecorder dense = GradientRecorder.ofBatch(model);
            BatchLoss loss = model.lossAndGradient(batch, 1f, dense);
            for (int t = 0; t < model.layout().count(); t++) {
                int only = t;
                for (int everyThird = 0; everyThird < 2; everyThird++) {
                    int mode = everyThird;
                    GradientRecorder some = new GradientRecorder(
                            model.layout(), model.backend(), 0, i -> i == only || (mode == 1 && i % 3 == only % 3));
                    assertThat(model.lossAndGradient(batch, 1f, some)).isEqualTo(loss);
                    assertThat(some.sums[t]).as("tensor %d", t).isEqualTo(dense.sums[t]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void targetScalesWeighEachTargetsGradient(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, false);
            float[] ones = new float[batch.labels().length];
            float[] twos = new float[ones.length];
            float[] mixed = new float[ones.length];
            for (int i = 0; i < ones.length; i++) {
                ones[i] = 1 + i;
                twos[i] = 2 - 0.5f * i;
                mixed[i] = ones[i] + 3 * twos[i];
            }
            double[][] a = gradients(model, batch, ones);
            double[][] b = gradients(model, batch, twos);
            double[][] sum = gradients(model, batch, mixed);
            for (int t = 0; t < a.length; t++) {
                double[] expected = new double[a[t].length];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = a[t][i] + 3 * b[t][i];
                }
                assertThat(sum[t]).containsExactly(expected, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void probabilitiesExplainTheLosses(TinyModel tiny) {
        if (tiny.objective().isLanguageModel()) {
            return;
        }
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, false);
            Predictions predictions = model.predict(batch);
            float[][] logits = model.logits(batch);
            for (int s = 0; s < batch.examples(); s++) {
                float[] row = predictions.probabilities()[s];
                assertThat(row[0] + row[1] + row[2]).isCloseTo(1f, within(1e-6f));
                assertThat(Math.log(row[1] / row[0])).isCloseTo(logits[s][1] - logits[s][0], within(1e-5));
                assertThat(-Math.log(row[batch.labels()[s]]))
                        .isCloseTo(predictions.losses()[s], within(1e-5));
            }
            Predictions unlabelled = model.predict(batch.withLabels(new int[] {-1, -1, -1, -1, -1}));
            assertThat(unlabelled.probabilities()).isDeepEqualTo(predictions.probabilities());
            assertThat(unlabelled.targets()).containsOnly(0);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aStepAllocatesNothingAfterTheFirst(TinyModel tiny) {
        AtomicInteger allocations = new AtomicInteger();
        ReferenceBackend reference = new ReferenceBackend();
        Backend counting = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("allocate")) {
                        allocations.incrementAndGet();
                    }
                    try {
                        return method.invoke(reference, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = batch(tiny, true);
        try (TransformerModel model =
                new TransformerModel(pretrained.definition(), counting, pretrained.parameters())) {
            model.lossAndGradient(batch, 1f, GradientRecorder.ofBatch(model));
            int warm = allocations.get();
            for (int step = 0; step < 3; step++) {
                model.lossAndGradient(batch, 1f, GradientRecorder.ofBatch(model));
                model.predict(batch);
            }
            assertThat(allocations).hasValue(warm);
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void hiddenStatesAndLogitsAreThoseOfTheTap(TinyModel tiny) {
        try (TransformerModel model = model(tiny)) {
            TokenBatch batch = batch(tiny, false);
            float[][] logits = model.logits(batch);
            model.observeActivations(batch, (name, value) -> {
                if (name.equals("logits")) {
                    float[] tapped = new float[value.size()];
                    model.backend().download(value, tapped, 0);
                    int columns = value.columns();
                    for (int i = 0; i < tapped.length; i++) {
                        assertThat(tapped[i]).isCloseTo(logits[i / columns][i % columns], within(1e-6f));
                    }
                }
            });
            assertThat(model.hiddenStates(batch))
                    .hasDimensions(24, model.definition().config().sizes().hidden());
        }
    }

    private static double lossOf(TransformerModel model, TokenBatch batch) {
        return model.lossAndGradient(batch, 1f, GradientRecorder.ofBatch(model)).sum();
    }

    private static double[][] gradients(TransformerModel model, TokenBatch batch, float[] scales) {
        GradientRecorder recorder = GradientRecorder.ofBatch(model);
        model.lossAndGradient(batch, scales, recorder);
        return recorder.sums;
    }

    private static TransformerModel model(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        return new TransformerModel(
                pretrained.definition(), BackendProvider.create("reference"), pretrained.parameters());
    }

    private static TokenBatch batch(TinyModel tiny, boolean dropout) {
        Objective objective = tiny.objective();
        return TinyModel.batch(tiny.load(), objective, dropout);
    }
}

package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.reference.ReferenceBackend;
import io.sparkpeft.compute.reference.ReferenceTensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.DoubleLoss;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hand-written backward pass is the derivative of the forward pass, for every tensor of every family and head. */
class GradientTest {
    private static final double STEP = 1e-3;
    private static final double TOLERANCE = 1e-5;
    /** Below this a derivative is rounding: that of a key's bias, for instance, is 0. */
    private static final double ZERO = 1e-9;

    private static final GradientSink NOBODY =
            new GradientRecorder(new ParameterLayout(List.of()), new ReferenceBackend(), 0, t -> false);

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void gradientsAreTheCentralDifferencesOfTheLoss(TinyModel tiny) {
        check(tiny, false);
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void gradientsAreTheCentralDifferencesOfTheLossWithDropout(TinyModel tiny) {
        check(tiny, true);
    }

    private static void check(TinyModel tiny, boolean dropout) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), dropout);
        DoubleLoss loss = new DoubleLoss();
        float[] scales = scales(batch);
        float[] ofTargets = ofTargets(batch, scales);
        try (TransformerModel model =
                new TransformerModel(pretrained.definition(), loss.backend(), pretrained.parameters())) {
            GradientRecorder gradients = GradientRecorder.ofBatch(model);
            model.lossAndGradient(batch, scales, gradients);
            for (int t = 0; t < model.layout().count(); t++) {
                for (int direction = 0; direction < 3; direction++) {
                    double[] along = direction(model.layout().tensor(t), direction, gradients.sums[t]);
                    double[] at = new double[4];
                    int[] steps = {-2, -1, 1, 2};
                    for (int i = 0; i < 4; i++) {
                        move(model, t, along, steps[i] * STEP);
                        model.lossAndGradient(batch, 1f, NOBODY);
                        at[i] = loss.weighted(ofTargets);
                        move(model, t, along, -steps[i] * STEP);
                    }
                    double difference = (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * STEP);
                    double product = dot(along, gradients.sums[t]);
                    assertThat(product)
                            .as("%s of %s along %d", model.layout().tensor(t).name(), tiny, direction)
                            .isCloseTo(difference, within(TOLERANCE * Math.abs(difference) + ZERO));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void theTasksLossReachesEveryTensorThatIsNotFrozenAndNoOther(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            GradientRecorder gradients = GradientRecorder.ofBatch(model);
            model.lossAndGradient(batch, 1f, gradients);
            for (int t = 0; t < model.layout().count(); t++) {
                TensorSpec spec = model.layout().tensor(t);
                assertThat(gradients.calls.contains(t + "/-1"))
                        .as(spec.name())
                        .isEqualTo(spec.role() != TensorRole.FROZEN);
            }
            assertThat(gradients.calls).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#backends")
    void everyBackendAgreesWithTheReference(String backendName) {
        TinyModel.all().forEach(tiny -> {
            PretrainedModel pretrained = tiny.load();
            TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
            double[][] expected = gradients(pretrained, batch, "reference");
            double[][] found = gradients(pretrained, batch, backendName);
            for (int t = 0; t < expected.length; t++) {
                double error = 0;
                double size = 0;
                for (int i = 0; i < expected[t].length; i++) {
                    error += Math.pow(found[t][i] - expected[t][i], 2);
                    size += Math.pow(expected[t][i], 2);
                }
                assertThat(Math.sqrt(error))
                        .as(
                                "%s %s",
                                tiny, pretrained.definition().layout().tensor(t).name())
                        .isLessThanOrEqualTo(1e-3 * Math.sqrt(size) + 1e-6);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void aClassifierHasTheGradientsOfItsPretrainingToo(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        Objective language = pretrained.definition().config().languageObjective();
        if (tiny.objective() == language || !pretrained.definition().hasLanguageHead()) {
            return;
        }
        double[][] ofClassifier = gradients(pretrained, TinyModel.batch(pretrained, language, false), "reference");
        PretrainedModel generic = new TinyModel(tiny.family(), language).load();
        double[][] ofLanguageModel = gradients(generic, TinyModel.batch(generic, language, false), "reference");
        int compared = 0;
        for (int t = 0; t < ofClassifier.length; t++) {
            String name = pretrained.definition().layout().tensor(t).name();
            if (generic.definition().layout().contains(name)) {
                assertThat(ofClassifier[t])
                        .as(name)
                        .isEqualTo(ofLanguageModel[generic.definition().layout().indexOf(name)]);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    private static double[][] gradients(PretrainedModel pretrained, TokenBatch batch, String backendName) {
        try (Backend backend = BackendProvider.create(backendName);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            GradientRecorder gradients = GradientRecorder.ofBatch(model);
            model.lossAndGradient(batch, 0.5f, gradients);
            return gradients.sums;
        }
    }

    /** Two random directions, and the one weight whose derivative is largest. */
    private static double[] direction(TensorSpec spec, int which, double[] gradient) {
        double[] along = new double[spec.size()];
        if (which < 2) {
            for (int i = 0; i < along.length; i++) {
                along[i] = CounterRandom.normal(spec.name().hashCode() + which, i) / Math.sqrt(along.length);
            }
        } else {
            int largest = 0;
            for (int i = 1; i < along.length; i++) {
                largest = Math.abs(gradient[i]) > Math.abs(gradient[largest]) ? i : largest;
            }
            along[largest] = 1;
        }
        return along;
    }

    private static void move(TransformerModel model, int tensor, double[] along, double step) {
        ReferenceTensor weights = ReferenceTensor.of(model.parameter(tensor));
        for (int i = 0; i < along.length; i++) {
            weights.add(i / weights.columns(), i % weights.columns(), step * along[i]);
        }
    }

    private static float[] scales(TokenBatch batch) {
        float[] scales = new float[batch.labels().length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.5f + 0.25f * (i % 4);
        }
        return scales;
    }

    private static float[] ofTargets(TokenBatch batch, float[] scales) {
        float[] targets = new float[batch.targets()];
        int next = 0;
        for (int i = 0; i < scales.length; i++) {
            if (batch.labels()[i] >= 0) {
                targets[next++] = scales[i];
            }
        }
        return Arrays.copyOf(targets, next);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

package io.sparkpeft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.contract.backend.Backends;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits, losses and gradients of every family against PyTorch's autograd in float64. */
class PyTorchGradientTest {
    /** A backend with the largest relative error allowed of a gradient, and of logits and loss. */
    private record Precision(String backend, double gradient, double forward) {
        static Precision of(String backend) {
            return backend.equals("reference")
                    ? new Precision(backend, 1e-6, 1e-6)
                    : new Precision(backend, 1e-4, 1e-5);
        }
    }

    /** Entries below this share of the model's largest gradient are noise: some gradients are exactly 0. */
    private static final double NOISE = 1e-3;

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (String backend : Backends.names().toList()) {
            Precision precision = Precision.of(backend);
            PyTorchFixture.all().forEach(fixture -> cases.add(Arguments.of(precision, fixture)));
        }
        return cases;
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("cases")
    void logitsAgree(Precision precision, PyTorchFixture fixture) throws IOException {
        PretrainedModel pretrained = fixture.load();
        try (Backend backend = BackendProvider.create(precision.backend());
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            TokenBatch batch = fixture.batch();
            int[] everywhere = new int[batch.labels().length];
            float[][] logits = model.logits(batch.withLabels(everywhere));
            float[] expected = fixture.logits();
            double scale = largest(expected);
            int at = 0;
            for (float[] row : logits) {
                for (float logit : row) {
                    assertThat((double) logit)
                            .as("logit %d", at)
                            .isCloseTo(expected[at++], within(precision.forward() * scale));
                }
            }
            assertThat(at).isEqualTo(expected.length);
        }
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("cases")
    void lossAndEveryGradientAgree(Precision precision, PyTorchFixture fixture) throws IOException {
        PretrainedModel pretrained = fixture.load();
        try (Backend backend = BackendProvider.create(precision.backend());
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            TokenBatch batch = fixture.batch();
            DenseGradients gradients = new DenseGradients(model.layout(), backend);
            BatchLoss loss = model.lossAndGradient(batch, 1f / batch.targets(), gradients);
            assertThat(loss.mean()).isCloseTo(fixture.loss(), within(precision.forward() * fixture.loss()));
            assertThat(model.loss(batch).mean())
                    .isCloseTo(fixture.loss(), within(precision.forward() * fixture.loss()));
            Map<String, float[]> expected = fixture.gradients();
            assertThat(reached(pretrained)).isEqualTo(new TreeSet<>(expected.keySet()));
            double noise = NOISE
                    * expected.values().stream()
                            .mapToDouble(PyTorchGradientTest::largest)
                            .max()
                            .orElseThrow();
            expected.forEach((name, values) -> {
                float[] actual = gradients.gradient(model.layout().indexOf(name));
                double scale = Math.max(largest(values), noise);
                assertThat(largestDifference(actual, values) / scale)
                        .as("relative error of the gradient of %s", name)
                        .isLessThanOrEqualTo(precision.gradient());
            });
        }
    }

    private static Set<String> reached(PretrainedModel pretrained) {
        Set<String> names = new TreeSet<>();
        for (TensorSpec tensor : pretrained.definition().layout().tensors()) {
            if (tensor.role() != TensorRole.FROZEN) {
                names.add(tensor.name());
            }
        }
        return names;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double largestDifference(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
        }
        return Arrays.stream(toDoubles(actual)).allMatch(Double::isFinite) ? largest : Double.NaN;
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}

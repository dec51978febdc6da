package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.model.weights.OwnWeights;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the gradient of its own loss, a transformer in somebody else's network is the transformer itself. */
class OpenTransformerTest {
    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void gradientsAreThoseOfTheModel(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        Backend backend = BackendProvider.create("cpu");
        try (TransformerModel model = new TransformerModel(pretrained.definition(), backend, pretrained.parameters());
                OpenTransformer open = new OpenTransformer(
                        pretrained.definition(), backend, new OwnWeights(backend, pretrained.parameters()))) {
            GradientRecorder expected = GradientRecorder.ofBatch(model);
            double loss = model.lossAndGradient(batch, 0.5f, expected).sum();

            GradientRecorder gradients = GradientRecorder.ofBatch(model);
            float[] logits = open.forward(batch, Optional.of(gradients));
            int[] labels = Arrays.stream(batch.labels()).filter(l -> l >= 0).toArray();
            float[] scales = new float[labels.length];
            Arrays.fill(scales, 0.5f);
            float[] losses = new float[labels.length];
            Tensor tensor = backend.allocate(labels.length, logits.length / labels.length);
            backend.upload(logits, 0, tensor);
            backend.crossEntropy(tensor, labels, scales, losses, tensor);
            backend.download(tensor, logits, 0);
            open.backward(logits);

            double sum = 0;
            for (float each : losses) {
                sum += each;
            }
            assertThat(sum).isEqualTo(loss);
            for (int t = 0; t < model.layout().count(); t++) {
                assertThat(gradients.sums[t])
                        .as(model.layout().tensor(t).name())
                        .isEqualTo(expected.sums[t]);
            }
            assertThatThrownBy(() -> open.backward(logits)).hasMessageContaining("there was no forward pass");
        }
    }
}

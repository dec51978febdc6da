package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model shows without being trained: inputs of its layers, draws from its distribution, its limits. */
class ObservationTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";

    /** Keeps the inputs of linear layers, example by example. */
    private record Inputs(Backend backend, Map<Integer, List<float[]>> seen) implements GradientSink {
        @Override
        public boolean wants(int tensor) {
            return tensor % 2 == 0;
        }

        @Override
        public boolean wantsInputs() {
            return true;
        }

        @Override
        public void input(int tensor, Tensor input) {
            float[] values = new float[input.size()];
            backend.download(input, values, 0);
            seen.computeIfAbsent(tensor, t -> new ArrayList<>()).add(values);
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {
            throw new AssertionError("observing makes no backward pass");
        }

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
            throw new AssertionError("observing makes no backward pass");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void everyWantedLinearLayerShowsTheInputOfEveryPosition(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            Inputs inputs = new Inputs(backend, new HashMap<>());
            model.observeInputs(batch, inputs);
            for (int t = 0; t < model.layout().count(); t++) {
                TensorSpec spec = model.layout().tensor(t);
                boolean inLayers = spec.name().contains(".layer") || spec.name().contains(".h.");
                if (t % 2 == 0 && inLayers && spec.kind().isMatrix()) {
                    int width = spec.kind() == TensorKind.CONV1D ? spec.rows() : spec.columns();
                    assertThat(inputs.seen().get(t).stream().map(x -> x.length / width))
                            .as(spec.name())
                            .containsExactly(5, 9, 2, 7, 1);
                }
                if (t % 2 == 1) {
                    assertThat(inputs.seen()).doesNotContainKey(t);
                }
            }
        }
    }

    @Test
    void theInputOfALayerIsWhatItsOutputIsComputedFrom() {
        TinyModel tiny = new TinyModel("gpt2", Objective.CAUSAL_LM);
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        int layer = pretrained.definition().layout().indexOf("transformer.h.1.mlp.c_fc.weight");
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            Map<String, float[]> activations = new HashMap<>();
            model.observeActivations(batch, (name, value) -> {
                float[] copy = new float[value.size()];
                backend.download(value, copy, 0);
                activations.put(name, copy);
            });
            List<float[]> inputs = new ArrayList<>();
            model.observeInputs(batch, new OneInput(backend, layer, inputs));
            float[] joined = new float[activations.get("layer.1.feedForward.norm").length];
            int at = 0;
            for (float[] part : inputs) {
                System.arraycopy(part, 0, joined, at, part.length);
                at += part.length;
            }
            assertThat(joined).isEqualTo(activations.get("layer.1.feedForward.norm"));
        }
    }

    private record OneInput(Backend backend, int tensor, List<float[]> seen) implements GradientSink {
        @Override
        public boolean wants(int index) {
            return index == tensor;
        }

        @Override
        public boolean wantsInputs() {
            return true;
        }

        @Override
        public void input(int index, Tensor input) {
            assertThat(index).isEqualTo(tensor);
            float[] values = new float[input.size()];
            backend.download(input, values, 0);
            seen.add(values);
        }

        @Override
        public void accept(int index, int example, Tensor gradient) {
            throw new AssertionError("observing makes no backward pass");
        }

        @Override
        public void acceptRows(int index, int example, int[] rows, Tensor gradient) {
            throw new AssertionError("observing makes no backward pass");
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void labelsAreDrawnFromThePredictedDistribution(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            TokenBatch drawn = model.sampleLabels(batch, 5);
            int next = 0;
            for (int s = 0; s < batch.examples(); s++) {
                TokenBatch one = model.sampleLabels(TinyModel.only(batch, s), 5);
                for (int label : one.labels()) {
                    assertThat(drawn.labels()[next]).as("drawn alone or packed").isEqualTo(label);
                    assertThat(label < 0).isEqualTo(batch.labels()[next] < 0);
                    next++;
                }
            }
            TokenBatch one = TinyModel.only(batch, 1);
            float[] logits = model.logits(one)[0];
            int place = IntStream.range(0, one.labels().length)
                    .filter(i -> one.labels()[i] >= 0)
                    .findFirst()
                    .orElseThrow();
            double sum = 0;
            for (float logit : logits) {
                sum += Math.exp(logit);
            }
            int draws = 3000;
            int[] counts = new int[logits.length];
            for (int seed = 0; seed < draws; seed++) {
                counts[model.sampleLabels(one, seed).labels()[place]]++;
            }
            for (int c = 0; c < counts.length; c++) {
                double p = Math.exp(logits[c]) / sum;
                double deviation = Math.sqrt(p * (1 - p) / draws);
                assertThat((double) counts[c] / draws).isCloseTo(p, within(5 * deviation));
            }
        }
    }

    @Test
    void aBatchThatTheModelCannotReadIsRefused() {
        TinyModel tiny = new TinyModel("bert", Objective.SEQUENCE_CLASSIFICATION);
        PretrainedModel pretrained = tiny.load();
        try (Backend backend = BackendProvider.create("reference");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            refuses(model, batch(new int[11], 0), "Invalid batch: sequence 0 has 11 tokens, the model reads 1 to 10");
            refuses(model, batch(new int[0], 0), "Invalid batch: sequence 0 has 0 tokens, the model reads 1 to 10");
            refuses(model, batch(new int[] {1, 31}, 0), "Invalid batch: token 31 at 1, the model knows 31");
            refuses(model, batch(new int[] {1, -1}, 0), "Invalid batch: token -1 at 1, the model knows 31");
            refuses(model, batch(new int[] {1}, 3), "Invalid batch: label 3 at 0, the model knows 3");
            TokenBatch causal = new TokenBatch(
                    Objective.CAUSAL_LM, new int[1], new int[0], new int[] {0, 1}, new int[1], new long[0]);
            refuses(model, causal, "Cannot compute CAUSAL_LM: a model of type bert is for MASKED_LM");
            assertThatThrownBy(() -> model.withLabel(batch(new int[1], 0), 3))
                    .hasMessage("Invalid label: 3, the model knows 3");
            assertThatThrownBy(() ->
                            model.lossAndGradient(batch(new int[1], 0), new float[2], GradientRecorder.ofBatch(model)))
                    .hasMessage("Invalid target scales: 2 for 1 labels");
            assertThat(model.withLabel(batch(new int[1], 0), 2).labels()).containsExactly(2);
        }
    }

    private static void refuses(TransformerModel model, TokenBatch batch, String message) {
        assertThatThrownBy(() -> model.loss(batch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static TokenBatch batch(int[] tokens, int label) {
        return new TokenBatch(
                Objective.SEQUENCE_CLASSIFICATION,
                tokens,
                new int[0],
                new int[] {0, tokens.length},
                new int[] {label},
                new long[0]);
    }
}

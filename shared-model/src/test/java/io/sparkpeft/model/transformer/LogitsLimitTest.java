package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.MaskedGradientSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Making the logits a few rows at a time gives what making them at once gives. */
class LogitsLimitTest {
    private static final int AT_ONCE = 1 << 23;

    static Stream<TinyModel> languageModels() {
        return TinyModel.all().filter(tiny -> tiny.objective().isLanguageModel());
    }

    private static <T> T with(
            PretrainedModel pretrained, String backend, int limit, Function<TransformerModel, T> use) {
        try (Backend opened = BackendProvider.create(backend);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), opened, pretrained.parameters())) {
            return use.apply(model.limitingLogits(limit));
        }
    }

    /** Room for the logits of three rows. */
    private static int threeRows(PretrainedModel pretrained, TinyModel tiny) {
        return 3 * pretrained.definition().classes(tiny.objective()) + 1;
    }

    private record Found(BatchLoss loss, double[][] sums, double[][][] examples) {}

    private static Found gradients(TransformerModel model, TokenBatch batch, int examples, IntPredicate wanted) {
        GradientRecorder recorder = new GradientRecorder(model.layout(), model.backend(), examples, wanted);
        float[] scales = new float[batch.labels().length];
        for (int r = 0; r < scales.length; r++) {
            scales[r] = 0.5f + r % 3;
        }
        BatchLoss loss = model.lossAndGradient(batch, scales, recorder);
        return new Found(loss, recorder.sums, recorder.examples);
    }

    private static void requireClose(double[][] actual, double[][] expected) {
        for (int t = 0; t < expected.length; t++) {
            double size = Math.sqrt(Arrays.stream(expected[t]).map(x -> x * x).sum());
            for (int i = 0; i < expected[t].length; i++) {
                assertThat(actual[t][i]).isCloseTo(expected[t][i], within(1e-9 * size + 1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("languageModels")
    void gradientsOfTheBatchAgree(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        int count = pretrained.parameters().layout().count();
        List<IntPredicate> wishes =
                List.of(t -> true, t -> t > count / 2, t -> t == count - 1, t -> t == 0, t -> false);
        for (IntPredicate wanted : wishes) {
            Found whole = with(pretrained, "reference", AT_ONCE, model -> gradients(model, batch, 0, wanted));
            Found parts = with(
                    pretrained, "reference", threeRows(pretrained, tiny), model -> gradients(model, batch, 0, wanted));
            assertThat(parts.loss().targets()).isEqualTo(whole.loss().targets());
            assertThat(parts.loss().sum()).isCloseTo(whole.loss().sum(), within(1e-5));
            requireClose(parts.sums(), whole.sums());
        }
    }

    @ParameterizedTest
    @MethodSource("languageModels")
    void gradientsOfExamplesAgree(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        int examples = batch.examples();
        Found whole = with(pretrained, "reference", AT_ONCE, model -> gradients(model, batch, examples, t -> true));
        Found parts = with(
                pretrained,
                "reference",
                threeRows(pretrained, tiny),
                model -> gradients(model, batch, examples, t -> true));
        assertThat(parts.loss().sum()).isCloseTo(whole.loss().sum(), within(1e-5));
        for (int e = 0; e < examples; e++) {
            requireClose(parts.examples()[e], whole.examples()[e]);
        }
    }

    @ParameterizedTest
    @MethodSource("languageModels")
    void maskedGradientsAgree(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        for (double density : new double[] {0.02, 0.3, 1}) {
            MaskIndex index =
                    new MaskIndex(ToyMasks.random(pretrained.parameters().layout(), 3, density));
            float[] whole = with(pretrained, "cpu", AT_ONCE, model -> masked(model, batch, index));
            float[] parts = with(pretrained, "cpu", threeRows(pretrained, tiny), model -> masked(model, batch, index));
            double size = 0;
            for (float g : whole) {
                size = Math.max(size, Math.abs(g));
            }
            for (int i = 0; i < whole.length; i++) {
                assertThat((double) parts[i]).isCloseTo(whole[i], within(1e-5 * size));
            }
        }
    }

    private static float[] masked(TransformerModel model, TokenBatch batch, MaskIndex index) {
        MaskedGradientSink sink = new MaskedGradientSink(index, model.backend());
        model.lossAndGradient(batch, 1f, sink);
        return sink.gradient();
    }

    @ParameterizedTest
    @MethodSource("languageModels")
    void lossesAndDrawnLabelsAreTheSame(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        int limit = threeRows(pretrained, tiny);
        Predictions whole = with(pretrained, "reference", AT_ONCE, model -> model.predict(batch));
        Predictions parts = with(pretrained, "reference", limit, model -> model.predict(batch));
        assertThat(parts.losses()).containsExactly(whole.losses());
        assertThat(parts.targets()).containsExactly(whole.targets());
        BatchLoss lossAtOnce = with(pretrained, "reference", AT_ONCE, model -> model.loss(batch));
        BatchLoss lossByParts = with(pretrained, "reference", limit, model -> model.loss(batch));
        assertThat(lossByParts).isEqualTo(lossAtOnce);
        int[] drawnAtOnce = with(pretrained, "reference", AT_ONCE, model -> model.sampleLabels(batch, 5)
                .labels());
        int[] drawnByParts = with(pretrained, "reference", limit, model -> model.sampleLabels(batch, 5)
                .labels());
        assertThat(drawnByParts).isEqualTo(drawnAtOnce);
    }

    @Test
    void memoryDoesNotGrowWithTheTokensTimesTheVocabulary(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "gpt2", "vocab_size": 8000, "n_embd": 16, "n_layer": 1, "n_head": 2,
                 "n_positions": 512, "tie_word_embeddings": true}""");
        PretrainedModel pretrained =
                Checkpoints.loadRandom(new LocalCheckpointFiles(directory), Objective.CAUSAL_LM, List.of(), 1);
        int[] labels = new int[512];
        Arrays.setAll(labels, r -> 7 * r);
        TokenBatch batch =
                new TokenBatch(Objective.CAUSAL_LM, labels, new int[0], new int[] {0, 512}, labels, new long[0]);
        long logits = 512L * 8000;
        for (Consumer<TransformerModel> use : List.<Consumer<TransformerModel>>of(
                model -> model.lossAndGradient(batch, 1f, GradientRecorder.ofBatch(model)),
                model -> model.predict(batch),
                model -> model.sampleLabels(batch, 1))) {
            long workspace = with(pretrained, "cpu", 1 << 17, model -> {
                use.accept(model);
                return model.workspace();
            });
            assertThat(workspace).isLessThan(logits);
        }
    }
}

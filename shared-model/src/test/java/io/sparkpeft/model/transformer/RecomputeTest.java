package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Computing blocks again in backward changes memory and time only. */
class RecomputeTest {
    private record Found(BatchLoss loss, double[][] sums, List<String> calls) {}

    private static Found gradients(
            PretrainedModel pretrained, TokenBatch batch, int examples, IntPredicate wanted, Recompute recompute) {
        try (Backend backend = BackendProvider.create("cpu");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            GradientRecorder recorder = new GradientRecorder(model.layout(), backend, examples, wanted);
            model.recomputing(recompute);
            BatchLoss loss = model.lossAndGradient(batch, 0.5f, recorder);
            return new Found(loss, recorder.sums, recorder.calls);
        }
    }

    private static void requireSame(PretrainedModel pretrained, TokenBatch batch, int examples, IntPredicate wanted) {
        Found kept = gradients(pretrained, batch, examples, wanted, Recompute.NONE);
        for (Recompute recompute : List.of(Recompute.SELECTIVE, Recompute.FULL)) {
            Found again = gradients(pretrained, batch, examples, wanted, recompute);
            assertThat(again.loss()).isEqualTo(kept.loss());
            assertThat(again.calls()).isEqualTo(kept.calls());
            assertThat(Arrays.deepEquals(again.sums(), kept.sums()))
                    .as(recompute.name())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void gradientsHaveTheSameBits(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        int count = pretrained.parameters().layout().count();
        requireSame(pretrained, batch, 0, t -> true);
        requireSame(pretrained, batch, 0, t -> t > count / 2);
        requireSame(pretrained, batch, batch.examples(), t -> true);
    }

    @Test
    void aModelOfManyLayersNeedsLessMemory(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 50, "hidden_size": 64, "num_hidden_layers": 12,
                 "num_attention_heads": 4, "intermediate_size": 256, "max_position_embeddings": 256}""");
        PretrainedModel pretrained = Checkpoints.loadRandom(
                new LocalCheckpointFiles(directory), Objective.SEQUENCE_CLASSIFICATION, List.of("a", "b"), 1);
        int[] offsets = {0, 256, 512, 768, 1024};
        int[] tokens = new int[1024];
        Arrays.setAll(tokens, r -> r % 50);
        TokenBatch batch =
                new TokenBatch(Objective.SEQUENCE_CLASSIFICATION, tokens, new int[0], offsets, new int[4], new long[0]);
        long kept = workspace(pretrained, batch, Recompute.NONE);
        assertThat(workspace(pretrained, batch, Recompute.SELECTIVE)).isLessThan(kept * 2 / 3);
        assertThat(workspace(pretrained, batch, Recompute.FULL)).isLessThan(kept / 3);
    }

    private static long workspace(PretrainedModel pretrained, TokenBatch batch, Recompute recompute) {
        try (Backend backend = BackendProvider.create("cpu");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            model.recomputing(recompute);
            model.lossAndGradient(batch, 1f, GradientRecorder.ofBatch(model));
            return model.workspace();
        }
    }
}

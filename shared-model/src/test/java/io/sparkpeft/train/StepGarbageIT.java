package io.sparkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.optim.schedule.ScheduleShape;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.random.CounterRandom;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Activations and gradients live outside the heap, and compiled kernels make no objects of their vectors. */
class StepGarbageIT {
    private static final int VOCABULARY = 8000;
    private static final long LIMIT = 64_000;
    private static final int STEPS = 20;
    private static final int MOST_ROUNDS = 30;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    /**
     * Until the compiler has done its work vectors are objects, and on a busy machine it does so late: hence rounds until
     * a step is warm.
     */
    @Test
    void aWarmStepLeavesLessThan64KilobytesOnTheHeap() throws IOException {
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "bert", "hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4,
                 "intermediate_size": 1024, "vocab_size": 8000, "max_position_embeddings": 512, "type_vocab_size": 2,
                 "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}""");
        PretrainedModel pretrained = Checkpoints.loadRandom(
                new LocalCheckpointFiles(directory), Objective.SEQUENCE_CLASSIFICATION, List.of("a", "b"), 1);
        try (Backend backend = BackendProvider.create("cpu");
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            MaskIndex all = new MaskIndex(everything(pretrained));
            TrainSettings settings = new TrainSettings(
                    new LearningRate("constant", 1e-4, 0, 1000, new ScheduleShape(0, 1, 1)),
                    OptimizerSettings.adamW(),
                    0);
            LocalTrainer<TokenBatch> trainer = new LocalTrainer<>(model, all, settings);
            float[] values = all.gather(pretrained.parameters());
            assertThat(leastGarbage(trainer, values, batch(16, 64))).isLessThan(LIMIT);
            assertThat(leastGarbage(trainer, values, batch(64, 16))).isLessThan(LIMIT);
            assertThat(leastGarbage(trainer, values, batch(1, 64))).isLessThan(LIMIT);
            assertThat(leastGarbage(trainer, values, batch(2, 512))).isLessThan(LIMIT);
        }
    }

    /** Of all steps of as many rounds as it takes to come below the limit. */
    private static long leastGarbage(LocalTrainer<TokenBatch> trainer, float[] values, TokenBatch batch) {
        long[] allocated = new long[STEPS];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least >= LIMIT; round++) {
            trainer.train(new RoundInput(values, OptimizerState.none(), 0, STEPS, false), step -> {
                allocated[(int) step] = THREADS.getCurrentThreadAllocatedBytes();
                return List.of(batch);
            });
            for (int step = 1; step < STEPS; step++) {
                least = Math.min(least, allocated[step] - allocated[step - 1]);
            }
        }
        return least;
    }

    private static ParameterMask everything(PretrainedModel pretrained) {
        var layout = pretrained.definition().layout();
        RoaringBitmap[] bits = new RoaringBitmap[layout.count()];
        Arrays.setAll(bits, t -> RoaringBitmap.bitmapOfRange(0, layout.tensor(t).size()));
        return new ParameterMask(layout, bits);
    }

    private static TokenBatch batch(int sequences, int length) {
        int[] tokens = new int[sequences * length];
        Arrays.setAll(tokens, i -> (int) (CounterRandom.uniform(1, i) * VOCABULARY));
        int[] offsets = new int[sequences + 1];
        Arrays.setAll(offsets, s -> s * length);
        int[] labels = new int[sequences];
        Arrays.setAll(labels, s -> s & 1);
        return new TokenBatch(Objective.SEQUENCE_CLASSIFICATION, tokens, new int[0], offsets, labels, new long[0]);
    }
}

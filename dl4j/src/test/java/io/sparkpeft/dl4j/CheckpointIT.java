package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

/** A program whose driver died in a round goes on as if nothing had been. */
class CheckpointIT {
    private static final MultiLayerConfiguration NETWORK = Networks.normalised(new Adam(0.01));
    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = new LocalSpark(2);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Counts rounds, and dies after one of them. */
    private static class Rounds extends BaseTrainingListener {
        private final int last;
        int made;

        Rounds(int last) {
            this.last = last;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            if (++made == last) {
                throw new Crash();
            }
        }
    }

    /** The program: two calls of fit, of 4 epochs of 3 rounds each. */
    private static float[] program(String directory, Rounds rounds) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(
                spark.context(),
                NETWORK.clone(),
                MaskedAveragingTrainingMaster.builder()
                        .sparsity(0.2)
                        .density(0.3)
                        .importanceExamples(40)
                        .batchSizePerWorker(10)
                        .averagingFrequency(2)
                        .epochs(4)
                        .checkpointDirectory(directory)
                        .build());
        network.setListeners(rounds);
        var data = spark.context().parallelize(Samples.flowers(120, 1), 2);
        network.fit(data);
        network.fit(data);
        assertThat(network.getNetwork().getLayerWiseConfigurations().getIterationCount())
                .isEqualTo(48);
        assertThat(network.getNetwork().getEpochCount()).isEqualTo(8);
        return network.getNetwork().params().toFloatVector();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void resumedIsUninterrupted(@TempDir Path directory) throws IOException {
        Rounds all = new Rounds(0);
        float[] expected = program("", all);
        assertThat(all.made).isEqualTo(24);

        // The listener hears of a round before it is written, so a round that was not written is made again.
        String checkpoints = directory.toUri().toString();
        assertThatThrownBy(() -> program(checkpoints, new Rounds(5))).isInstanceOf(Crash.class);
        Rounds second = new Rounds(10);
        assertThatThrownBy(() -> program(checkpoints, second)).isInstanceOf(Crash.class);
        Rounds third = new Rounds(0);
        assertThat(program(checkpoints, third)).isEqualTo(expected);
        assertThat(third.made).isEqualTo(24 - 4 - 9);
        assertThat(files(directory)).hasSize(2);

        Rounds none = new Rounds(0);
        assertThat(program(checkpoints, none)).isEqualTo(expected);
        assertThat(none.made).isZero();

        // The newest of either call is passed over, and the one before it is whole.
        for (Path call : files(directory)) {
            damage(newest(call).resolve("values.bin"));
        }
        Rounds again = new Rounds(0);
        assertThat(program(checkpoints, again)).isEqualTo(expected);
        assertThat(again.made).isEqualTo(2);

        damage(files(directory).get(0).resolve("update.mask"));
        assertThatThrownBy(() -> program(checkpoints, new Rounds(0))).hasMessageContaining("update.mask");
    }

    private static Path newest(Path call) throws IOException {
        return files(call.resolve("checkpoints")).stream()
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static void damage(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[content.length - 1] ^= 1;
        Files.write(file, content);
    }

    @Test
    void aTwinThatWasTakenOverWritesNoMore(@TempDir Path directory) {
        String checkpoints = directory.toUri().toString();
        Rounds successor = new Rounds(0);
        Rounds twin = new Rounds(0) {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                if (++made == 3) {
                    program(checkpoints, successor);
                }
            }
        };
        assertThatThrownBy(() -> program(checkpoints, twin))
                .hasMessageStartingWith("Cannot go on with the run ")
                .hasMessageContaining("another driver has taken it over");
        assertThat(twin.made).isEqualTo(3);
        assertThat(successor.made).isEqualTo(24 - 2);
    }
}

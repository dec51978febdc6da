package io.sparkpeft.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.stats.EventStats;
import org.deeplearning4j.spark.stats.StatsUtils;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.impl.SbeStatsReport;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

/** DL4J's listeners hear of every round on the driver, and times are collected without a time server. */
class ListenersIT {
    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = new LocalSpark(2);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** Two epochs of two workers of 30 examples each: 3 steps an epoch, averaged every 2. */
    private static SparkDl4jMultiLayer network(boolean times) {
        return new SparkDl4jMultiLayer(
                spark.context(),
                Networks.dense(new Adam(0.01)),
                MaskedAveragingTrainingMaster.builder()
                        .sparsity(0.3)
                        .density(0.2)
                        .importanceExamples(60)
                        .batchSizePerWorker(10)
                        .averagingFrequency(2)
                        .epochs(2)
                        .collectTrainingStats(times)
                        .build());
    }

    private static void fit(SparkDl4jMultiLayer network) {
        network.fit(spark.context().parallelize(Samples.flowers(60, 1), 2));
    }

    /** Writes down what it is told. */
    private static final class Heard extends BaseTrainingListener {
        final List<String> words = new ArrayList<>();
        final List<Double> scores = new ArrayList<>();
        final List<Double> updated = new ArrayList<>();

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            words.add("%d/%d".formatted(epoch, iteration));
            scores.add(model.score());
            updated.add(model.gradient().gradient().normmaxNumber().doubleValue());
        }

        @Override
        public void onEpochStart(Model model) {
            words.add("start");
        }

        @Override
        public void onEpochEnd(Model model) {
            words.add("end");
        }
    }

    @Test
    void listenersFollowTheRounds() {
        Heard heard = new Heard();
        SparkDl4jMultiLayer network = network(false);
        network.setListeners(heard);
        fit(network);
        assertThat(heard.words).containsExactly("start", "0/2", "0/3", "end", "start", "1/5", "1/6", "end");
        assertThat(network.getScore()).isPositive().isEqualTo(heard.scores.get(3));
        assertThat(heard.scores.get(3)).isLessThan(heard.scores.get(0));
        assertThat(network.getSparkTrainingStats()).isNull();
    }

    @Test
    void theStatsListenerOfTheUserInterfaceIsServed() {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        Heard heard = new Heard();
        SparkDl4jMultiLayer network = network(false);
        network.setListeners(storage, List.<TrainingListener>of(new StatsListener(null, 1), heard));
        fit(network);
        assertThat(scores(storage)).hasSize(4).containsExactlyElementsOf(heard.scores);
        assertThat(heard.updated).allMatch(largest -> largest > 0);
    }

    @Test
    void soItIsWithAGraph() {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        Heard heard = new Heard();
        SparkComputationGraph graph = new SparkComputationGraph(
                spark.context(),
                Networks.twoByTwo(new Adam(0.01)),
                MaskedAveragingTrainingMaster.builder().batchSizePerWorker(10).build());
        graph.setListeners(
                storage,
                List.<TrainingListener>of(new StatsListener(null, 1), heard, new PerformanceListener(1, true)));
        graph.fitMultiDataSet(spark.context().parallelize(Samples.halves(Samples.flowers(60, 1)), 2));
        assertThat(scores(storage)).hasSize(1).containsExactlyElementsOf(heard.scores);
    }

    private static List<Double> scores(InMemoryStatsStorage storage) {
        String session = storage.listSessionIDs().get(0);
        assertThat(storage.getAllStaticInfos(session, StatsListener.TYPE_ID)).hasSize(1);
        String worker = storage.listWorkerIDsForSession(session).get(0);
        List<Double> scores = new ArrayList<>();
        for (Persistable update : storage.getAllUpdatesAfter(session, StatsListener.TYPE_ID, worker, 0)) {
            scores.add(((SbeStatsReport) update).getScore());
        }
        return scores;
    }

    @Test
    void listenersOfDl4jsOwnWork(@TempDir File directory) throws IOException {
        CollectScoresListener scores = new CollectScoresListener(1);
        CheckpointListener checkpoints = new CheckpointListener.Builder(directory)
                .saveEveryEpoch()
                .keepAll()
                .build();
        SparkDl4jMultiLayer network = network(false);
        network.setListeners(List.of(scores, checkpoints, new PerformanceListener(1, true)));
        fit(network);
        assertThat(IntStream.range(0, scores.getListIteration().size())
                        .map(i -> scores.getListIteration().get(i)))
                .containsExactly(2, 3, 5, 6);
        assertThat(CheckpointListener.availableCheckpoints(directory)).hasSize(2);
        MultiLayerNetwork last = CheckpointListener.loadLastCheckpointMLN(directory);
        assertThat(last.params()).isEqualTo(network.getNetwork().params());
    }

    @Test
    void timesOfMasksAndRoundsAreCollectedAndExported(@TempDir Path directory) throws Exception {
        SparkDl4jMultiLayer network = network(true);
        long began = System.currentTimeMillis();
        fit(network);
        SparkTrainingStats times = network.getSparkTrainingStats();
        assertThat(times.getKeySet()).containsExactlyInAnyOrder("masks", "round");
        assertThat(times.getValue("round")).hasSize(4);
        for (EventStats event : times.getValue("round")) {
            assertThat(event.getStartTime()).isBetween(began, System.currentTimeMillis());
            assertThat(event.getDurationMs()).isBetween(0L, System.currentTimeMillis() - began);
        }
        assertThat(times.statsAsString()).contains("round: 4 times");

        times.exportStatFiles(directory.toUri().toString(), spark.context().sc());
        assertThat(Files.readAllLines(directory.resolve("round.txt"))).hasSizeGreaterThanOrEqualTo(4);
        Path page = directory.resolve("times.html");
        StatsUtils.exportStatsAsHtml(times, page.toString(), spark.context());
        assertThat(page).content().contains("<html").contains("round");
    }
}

package io.sparkpeft.dl4j.benchmark;

import io.sparkpeft.benchmark.figure.ProcessMemory;
import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.spark.Traffic;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What a round of DL4J's parameter averaging moves, takes and comes to: a dense network of so many weights with Adam,
 * whose weights and moments are all averaged every so many steps. With a density, the same of masked averaging, on the
 * same network and data; masks are chosen before the first round that counts. A call of fit makes so many rounds; the
 * first call is for warming up. The bytes are those that Spark measured; the memory is that of this process, which on
 * {@code local[n]} is driver and executors in one, on {@code local-cluster} the driver alone. The fingerprint of the
 * weights at the end tells whether two runs came to the same bits.
 *
 * <pre>Dl4jRound [--pretrained] WEIGHTS WORKERS STEPS ROUNDS [DENSITY]</pre>
 */
public final class Dl4jRound {
    private static final String PRETRAINED = "--pretrained";
    private static final int BATCH = 8;
    private static final int FITS = 3;
    private static final int HELD_OUT = 2000;
    private static final long SEED = 1;
    private static final long HELD_OUT_SEED = 2;

    private Dl4jRound() {}

    /**
     * What is measured.
     *
     * @param pretrained whether the network was trained on another domain before
     * @param density share of the weights that masked averaging tunes; empty for DL4J's own averaging
     */
    private record Case(boolean pretrained, long weights, int workers, int steps, int rounds, OptionalDouble density) {
        static Case of(List<String> words) {
            boolean pretrained = words.get(0).equals(PRETRAINED);
            List<String> numbers = words.subList(pretrained ? 1 : 0, words.size());
            return new Case(
                    pretrained,
                    Long.parseLong(numbers.get(0)),
                    Integer.parseInt(numbers.get(1)),
                    Integer.parseInt(numbers.get(2)),
                    Integer.parseInt(numbers.get(3)),
                    numbers.size() > 4
                            ? OptionalDouble.of(Double.parseDouble(numbers.get(4)))
                            : OptionalDouble.empty());
        }

        TrainingMaster<?, ?> master() {
            return density.isPresent() ? masked(steps, density.getAsDouble()) : averaging(workers, steps);
        }

        MultiLayerNetwork network() {
            return pretrained ? StartNetwork.pretrained(weights) : StartNetwork.random(weights);
        }
    }

    public static void main(String[] arguments) {
        Case measured = Case.of(List.of(arguments));
        try (OwnSession own = OwnSession.start("DL4J rounds")) {
            System.out.println(run(new Cluster(own.session()), measured).json());
        }
    }

    private static TrainingMaster<?, ?> averaging(int workers, int steps) {
        return new ParameterAveragingTrainingMaster.Builder(workers, 1)
                .batchSizePerWorker(BATCH)
                .averagingFrequency(steps)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .workerPrefetchNumBatches(0)
                .saveUpdater(true)
                .collectTrainingStats(false)
                .build();
    }

    private static TrainingMaster<?, ?> masked(int steps, double density) {
        return MaskedAveragingTrainingMaster.builder()
                .density(density)
                .batchSizePerWorker(BATCH)
                .averagingFrequency(steps)
                .build();
    }

    private static Report run(Cluster cluster, Case measured) {
        TrainingMaster<?, ?> master = measured.master();
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(cluster.context(), measured.network(), master);
        Clouds clouds = new Clouds(measured.pretrained());
        int workers = measured.workers();
        JavaRDD<DataSet> held = cluster.context().parallelize(clouds.examples(HELD_OUT, HELD_OUT_SEED), workers);
        double before = network.evaluate(held).accuracy();
        int examples = workers * measured.steps() * BATCH * measured.rounds();
        JavaRDD<DataSet> data = cluster.context().parallelize(clouds.examples(examples, SEED), workers);
        network.fit(data);
        double[] milliseconds = new double[FITS];
        Traffic.Totals earlier = cluster.traffic().totals();
        for (int f = 0; f < FITS; f++) {
            long began = System.nanoTime();
            network.fit(data);
            milliseconds[f] = (System.nanoTime() - began) / 1e6 / measured.rounds();
        }
        Traffic.Totals moved = cluster.traffic().totals().minus(earlier);
        Report report = new Report("dl4j-round")
                .condition("training_master", master.getClass().getSimpleName())
                .condition("density", measured.density().orElse(1))
                .condition("pretrained", measured.pretrained())
                .condition("master", cluster.context().master())
                .condition("weights", network.getNetwork().numParams())
                .condition("workers", workers)
                .condition("steps", measured.steps())
                .condition("rounds", measured.rounds())
                .condition("weights_sha256", fingerprint(network))
                .spread("round", "ms", milliseconds, "round")
                .figure("accuracy_before", before, "held-out accuracy before", "%.4f")
                .figure("accuracy", network.evaluate(held).accuracy(), "held-out accuracy", "%.4f")
                .figure(
                        "peak_memory",
                        ProcessMemory.peak().orElse(0),
                        "peak resident memory of this process, bytes",
                        "%,.0f");
        traffic(report, moved, FITS * measured.rounds());
        return report.figure("live_heap", liveHeap(network, data), "peak live heap of this process, bytes", "%,.0f");
    }

    private static String fingerprint(SparkDl4jMultiLayer network) {
        return new Fingerprint()
                .add(network.getNetwork().params().toFloatVector())
                .hex();
    }

    private static void traffic(Report report, Traffic.Totals moved, int rounds) {
        report.figure("bytes_down", (double) moved.broadcastBytes() / rounds, "broadcast a round, bytes", "%,.0f")
                .figure("result_bytes", (double) moved.resultBytes() / rounds, "task results a round, bytes", "%,.0f")
                .figure("shuffle_bytes", (double) moved.shuffleBytes() / rounds, "shuffled a round, bytes", "%,.0f");
    }

    /** Of one more fit, after all else was measured. */
    private static double liveHeap(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
        try (LiveHeap heap = new LiveHeap()) {
            network.fit(data);
            return heap.peak();
        }
    }
}

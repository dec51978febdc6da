package io.sparkpeft.dl4j.benchmark;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.OwnSession;
import io.sparkpeft.spark.Traffic;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What a round of DL4J's parameter averaging moves, takes and comes to: a dense network of so many weights with Adam,
 * whose weights and moments are all averaged every so many steps. With a density, the same of masked averaging, on the
 * same network and data; masks are chosen before the first round that counts. A call of fit makes so many
 * rounds; the first call is for warming up. The bytes are those that Spark measured; the heap is the most that was in use in this process, garbage included, which on
 * {@code local[n]} is driver and executors in one. The fingerprint of the weights at the end tells whether two runs came
 * to the same bits.
 *
 * <pre>Dl4jRound WEIGHTS WORKERS STEPS ROUNDS [DENSITY]</pre>
 */
public final class Dl4jRound {
    private static final int INPUTS = 256;
    private static final int CLASSES = 2;
    private static final int BATCH = 8;
    private static final int FITS = 3;
    private static final int HELD_OUT = 1000;
    private static final long SEED = 1;
    private static final long HELD_OUT_SEED = 2;
    private static final double SHIFT = 0.4;

    private Dl4jRound() {}

    public static void main(String[] arguments) {
        long weights = Long.parseLong(arguments[0]);
        int workers = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        TrainingMaster<?, ?> master =
                arguments.length > 4 ? masked(steps, Double.parseDouble(arguments[4])) : averaging(workers, steps);
        try (OwnSession own = OwnSession.start("DL4J rounds")) {
            System.out.println(run(new Cluster(own.session()), network(weights), workers, steps, rounds, master)
                    .condition("density", arguments.length > 4 ? Double.parseDouble(arguments[4]) : 1)
                    .json());
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

    private static Report run(
            Cluster cluster,
            MultiLayerConfiguration configuration,
            int workers,
            int steps,
            int rounds,
            TrainingMaster<?, ?> master) {
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(cluster.context(), configuration, master);
        JavaRDD<DataSet> data =
                cluster.context().parallelize(examples(workers * steps * BATCH * rounds, SEED), workers);
        network.fit(data);
        double[] milliseconds = new double[FITS];
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        Traffic.Totals before = cluster.traffic().totals();
        for (int f = 0; f < FITS; f++) {
            long began = System.nanoTime();
            network.fit(data);
            milliseconds[f] = (System.nanoTime() - began) / 1e6 / rounds;
        }
        Traffic.Totals moved = cluster.traffic().totals().minus(before);
        double heap = peakHeap();
        float[] weights = network.getNetwork().params().toFloatVector();
        JavaRDD<DataSet> held = cluster.context().parallelize(examples(HELD_OUT, HELD_OUT_SEED), workers);
        return new Report("dl4j-round")
                .condition("training_master", master.getClass().getSimpleName())
                .condition("master", cluster.context().master())
                .condition("weights", network.getNetwork().numParams())
                .condition("workers", workers)
                .condition("steps", steps)
                .condition("rounds", rounds)
                .condition("weights_sha256", new Fingerprint().add(weights).hex())
                .spread("round", "ms", milliseconds, "round")
                .figure("accuracy", network.evaluate(held).accuracy(), "held-out accuracy", "%.4f")
                .figure("peak_heap", heap, "peak heap of this process, bytes", "%,.0f")
                .figure(
                        "bytes_down",
                        (double) moved.broadcastBytes() / (FITS * rounds),
                        "broadcast a round, bytes",
                        "%,.0f")
                .figure(
                        "result_bytes",
                        (double) moved.resultBytes() / (FITS * rounds),
                        "task results a round, bytes",
                        "%,.0f")
                .figure(
                        "shuffle_bytes",
                        (double) moved.shuffleBytes() / (FITS * rounds),
                        "shuffled a round, bytes",
                        "%,.0f");
    }

    /** Two hidden layers, as wide as it takes. */
    private static MultiLayerConfiguration network(long weights) {
        double linear = INPUTS + CLASSES + 2;
        int width = (int) Math.round((Math.sqrt(linear * linear + 4.0 * (weights - CLASSES)) - linear) / 2);
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(dense(INPUTS, width))
                .layer(dense(width, width))
                .layer(new OutputLayer.Builder()
                        .nIn(width)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    private static DenseLayer dense(int inputs, int outputs) {
        return new DenseLayer.Builder()
                .nIn(inputs)
                .nOut(outputs)
                .activation(Activation.RELU)
                .build();
    }

    private static double peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToDouble(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }

    /** Normal clouds of two kinds: the mean of a quarter of the inputs tells them apart, most of the time. */
    private static List<DataSet> examples(int count, long seed) {
        List<DataSet> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[INPUTS];
            for (int c = 0; c < INPUTS; c++) {
                double mean = c % 4 == 0 ? SHIFT * (i % CLASSES) : 0;
                features[c] = (float) (mean + CounterRandom.normal(seed, (long) i * INPUTS + c));
            }
            INDArray label = Nd4j.zeros(1, CLASSES);
            label.putScalar(0, i % CLASSES, 1);
            examples.add(new DataSet(Nd4j.create(new float[][] {features}), label));
        }
        return examples;
    }
}

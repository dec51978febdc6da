package io.sparkpeft.peer;

import io.sparkpeft.benchmark.Report;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.Traffic;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What a round of DL4J's parameter averaging moves and takes: a dense network of so many weights with Adam, whose
 * weights and moments are all averaged every so many steps. The bytes are those that Spark measured, by the same
 * listener that a run of this program uses.
 *
 * <pre>Dl4jRound WEIGHTS WORKERS STEPS ROUNDS</pre>
 */
public final class Dl4jRound {
    private static final int INPUTS = 256;
    private static final int CLASSES = 2;
    private static final int BATCH = 8;

    private Dl4jRound() {}

    public static void main(String[] arguments) {
        long weights = Long.parseLong(arguments[0]);
        int workers = Integer.parseInt(arguments[1]);
        int steps = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        try (SparkSession session =
                SparkSession.builder().appName("DL4J parameter averaging").getOrCreate()) {
            System.out.println(run(new Cluster(session), weights, workers, steps, rounds).json());
        }
    }

    private static Report run(Cluster cluster, long weights, int workers, int steps, int rounds) {
        ParameterAveragingTrainingMaster master = new ParameterAveragingTrainingMaster.Builder(workers, 1)
                .batchSizePerWorker(BATCH)
                .averagingFrequency(steps)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .workerPrefetchNumBatches(0)
                .saveUpdater(true)
                .collectTrainingStats(false)
                .build();
        SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(cluster.context(), network(weights), master);
        JavaRDD<DataSet> data = cluster.context().parallelize(examples(workers * steps * BATCH), workers);
        network.fit(data);
        double[] milliseconds = new double[rounds];
        Traffic.Totals before = cluster.traffic().totals();
        for (int r = 0; r < rounds; r++) {
            long began = System.nanoTime();
            network.fit(data);
            milliseconds[r] = (System.nanoTime() - began) / 1e6;
        }
        Traffic.Totals moved = cluster.traffic().totals().minus(before);
        return new Report("dl4j-round")
                .condition("master", cluster.context().master())
                .condition("weights", network.getNetwork().numParams())
                .condition("workers", workers)
                .condition("steps", steps)
                .condition("rounds", rounds)
                .spread("round", "ms", milliseconds, "round")
                .figure("bytes_down", (double) moved.broadcastBytes() / rounds, "broadcast a round, bytes", "%,.0f")
                .figure("result_bytes", (double) moved.resultBytes() / rounds, "task results a round, bytes", "%,.0f")
                .figure("shuffle_bytes", (double) moved.shuffleBytes() / rounds, "shuffled a round, bytes", "%,.0f");
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

    private static List<DataSet> examples(int count) {
        List<DataSet> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            INDArray label = Nd4j.zeros(1, CLASSES);
            label.putScalar(0, i % CLASSES, 1);
            examples.add(new DataSet(Nd4j.rand(1, INPUTS), label));
        }
        return examples;
    }
}

package io.sparkpeft.dl4j.replica;

import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.dl4j.network.ExampleBatch;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.train.Evaluation;
import io.sparkpeft.train.Evaluator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Measures a classifier on executors as the engine measures a language model, by the same evaluator. */
public final class EvaluateNetwork {
    private static final int BATCH = 256;

    private final Cluster cluster;

    public EvaluateNetwork(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * The evaluation of all examples, summed in the order of the partitions.
     *
     * @param what is measured, for the Spark user interface
     */
    public Evaluation measure(String what, Network network, JavaRDD<DataSet> examples) {
        NetworkLayout layout = NetworkLayout.of(network, List.of());
        BaseNetwork base = new BaseNetwork(network, network.weights(), List.of(), layout.statistics());
        Broadcast<byte[]> message = cluster.context().broadcast(base.bytes());
        Evaluation sum = cluster.profile()
                .stage(
                        Stage.EVALUATE,
                        () -> cluster.describe(
                                "evaluate " + what, () -> examples.mapPartitions(new Task(message)).collect().stream()
                                        .reduce(Evaluation.NONE, Evaluation::plus)));
        message.destroy();
        return sum;
    }

    /** Scores the examples of one partition. */
    private record Task(Broadcast<byte[]> base) implements FlatMapFunction<Iterator<DataSet>, Evaluation> {
        @Override
        public Iterator<Evaluation> call(Iterator<DataSet> examples) {
            Evaluation sum = Evaluation.NONE;
            try (Dl4jModel model = BaseNetwork.of(base.value())
                    .replica(Dl4jModel.Mode.importance(1))
                    .model()) {
                while (examples.hasNext()) {
                    sum = sum.plus(Evaluator.evaluate(model, List.of(batch(examples))));
                }
            }
            return List.of(sum).iterator();
        }

        private static ExampleBatch batch(Iterator<DataSet> examples) {
            List<MultiDataSet> batch = new ArrayList<>();
            while (examples.hasNext() && batch.size() < BATCH) {
                batch.add(examples.next().toMultiDataSet());
            }
            return ExampleBatch.of(batch, 0);
        }
    }
}

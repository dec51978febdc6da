package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.dl4j.MaskedAveragingTrainingMaster;
import io.sparkpeft.dl4j.network.Network;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;

/** A network with its training master, as a user of dl4j-spark has it. */
interface SparkNetwork {
    void fit(JavaRDD<DataSet> examples);

    /** Share of the examples whose class is told right. */
    double accuracy(JavaRDD<DataSet> examples);

    static SparkNetwork of(JavaSparkContext context, Network network, MaskedAveragingTrainingMaster master) {
        return network.model() instanceof MultiLayerNetwork layers
                ? new Layers(new SparkDl4jMultiLayer(context, layers, master))
                : new Graph(new SparkComputationGraph(context, (ComputationGraph) network.model(), master));
    }

    /** Layers in a row. */
    record Layers(SparkDl4jMultiLayer network) implements SparkNetwork {
        @Override
        public void fit(JavaRDD<DataSet> examples) {
            network.fit(examples);
        }

        @Override
        public double accuracy(JavaRDD<DataSet> examples) {
            return network.evaluate(examples).accuracy();
        }
    }

    /** Layers that form a graph. */
    record Graph(SparkComputationGraph network) implements SparkNetwork {
        @Override
        public void fit(JavaRDD<DataSet> examples) {
            network.fit(examples);
        }

        @Override
        public double accuracy(JavaRDD<DataSet> examples) {
            return network.evaluate(examples).accuracy();
        }
    }
}

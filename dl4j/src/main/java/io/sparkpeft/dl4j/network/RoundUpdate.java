package io.sparkpeft.dl4j.network;

import io.sparkpeft.param.ParameterLayout;
import java.util.List;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What a round took from the weights, in the form in which DL4J's listeners find the update of an iteration. */
public final class RoundUpdate {
    private RoundUpdate() {}

    /**
     * Weights before less weights after, tensor by tensor.
     *
     * @param before all weights of the network before the round
     */
    public static Gradient of(Network network, float[] before) {
        INDArray difference = Floats.row(before).subi(network.parameters());
        ParameterLayout layout = NetworkLayout.of(network, List.of()).layout();
        Gradient update = new DefaultGradient(difference);
        for (int t = 0; t < layout.count(); t++) {
            update.setGradientFor(
                    layout.tensor(t).name(),
                    difference.get(
                            NDArrayIndex.point(0), NDArrayIndex.interval(layout.offset(t), layout.offset(t + 1))));
        }
        return update;
    }
}

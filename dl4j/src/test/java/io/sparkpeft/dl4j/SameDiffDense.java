package io.sparkpeft.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.weightinit.impl.XavierInitScheme;

/** tanh(x·W + b), as a user writes a layer of their own. */
public final class SameDiffDense extends SameDiffLayer {
    @JsonProperty("inputs")
    private final int inputs;

    @JsonProperty("outputs")
    private final int outputs;

    @JsonCreator
    SameDiffDense(@JsonProperty("inputs") int inputs, @JsonProperty("outputs") int outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    @Override
    public SDVariable defineLayer(
            SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
        return graph.math.tanh(input.mmul(parameters.get("W")).add(parameters.get("b")));
    }

    @Override
    public void defineParameters(SDLayerParams parameters) {
        parameters.addWeightParam("W", inputs, outputs);
        parameters.addBiasParam("b", 1, outputs);
    }

    @Override
    public void initializeParameters(Map<String, INDArray> parameters) {
        parameters.get("b").assign(0);
        INDArray weights = parameters.get("W");
        weights.assign(new XavierInitScheme('c', inputs, outputs).create(weights.dataType(), inputs, outputs));
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return InputType.feedForward(outputs);
    }
}

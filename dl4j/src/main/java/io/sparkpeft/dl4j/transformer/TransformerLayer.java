package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A transformer of this project as a layer of a MultiLayerNetwork or ComputationGraph, first of its network. It reads
 * token numbers [examples, length], where negative numbers at the end, or those that a mask of the features leaves out,
 * are padding, and gives logits: [examples, labels] of a classifier, [examples, vocabulary, length] of a language model.
 * A LossLayer, RnnLossLayer or any other layer goes on from there. All weights are in the network's flat vector, under the
 * names that Hugging Face gives them, with {@code -} for {@code _}.
 */
@JsonIgnoreProperties({"definition"})
public final class TransformerLayer extends BaseLayer {
    private static final long serialVersionUID = 1;

    @JsonProperty("config")
    private final String config;

    @JsonProperty("objective")
    private final Objective objective;

    @JsonProperty("labels")
    private final int labels;

    /**
     * @param config a config.json as Hugging Face writes it, of a family that the project knows
     * @param objective what the logits are of
     * @param labels classes of a classifier; 0 for a language model
     * @throws IllegalArgumentException if that is no such model
     */
    @JsonCreator
    public TransformerLayer(
            @JsonProperty("config") String config,
            @JsonProperty("objective") Objective objective,
            @JsonProperty("labels") int labels) {
        this.config = config;
        this.objective = objective;
        this.labels = labels;
        definition();
    }

    /** What is computed, from which weights. */
    public ModelDefinition definition() {
        return checkpoint().outline().definition();
    }

    Checkpoint checkpoint() {
        List<String> names = new ArrayList<>();
        for (int label = 0; label < labels; label++) {
            names.add(Integer.toString(label));
        }
        try {
            return Checkpoint.random(new ConfigText(config), objective, names);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot make a transformer layer: " + e.getMessage(), e);
        }
    }

    Objective objective() {
        return objective;
    }

    @Override
    public TransformerLayer clone() {
        return (TransformerLayer) super.clone();
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        if (type != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "Cannot compute a transformer in %s: its data type is FLOAT".formatted(type));
        }
        TransformerComputation layer = new TransformerComputation(conf, type, definition());
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(initializer().init(conf, parameters, initialise));
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return TransformerParameters.INSTANCE;
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        if (!objective.isLanguageModel()) {
            return InputType.feedForward(labels);
        }
        long length = input instanceof InputType.InputTypeFeedForward flat ? flat.getSize() : -1;
        return InputType.recurrent(definition().classes(objective), length);
    }

    @Override
    public void setNIn(InputType input, boolean override) {}

    /** None, which DL4J says by null. */
    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return false;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        long weights = definition().layout().size();
        return new LayerMemoryReport.Builder(getLayerName(), TransformerLayer.class, input, getOutputType(0, input))
                .standardMemory(
                        weights, getIUpdater() == null ? 0 : getIUpdater().stateSize(weights))
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }
}

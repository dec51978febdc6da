package io.sparkpeft.dl4j.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A network whose layers form a graph, with any number of inputs and outputs. */
record GraphNetwork(ComputationGraph model) implements Network {
    GraphNetwork {
        if (model.getConfiguration().getBackpropType() == BackpropType.TruncatedBPTT) {
            throw new IllegalArgumentException(
                    "Cannot train a network with truncated backpropagation through time: set BackpropType.Standard");
        }
    }

    @Override
    public String configuration() {
        return model.getConfiguration().toJson();
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (GraphVertex vertex : model.getVertices()) {
            if (vertex.numParams() > 0) {
                parts.add(new Part(vertex.getVertexName(), vertex, Optional.ofNullable(vertex.getLayer())));
            }
        }
        return parts;
    }

    @Override
    public INDArray parameters() {
        return model.params();
    }

    @Override
    public INDArray gradient() {
        return model.getGradientsViewArray();
    }

    @Override
    public double differentiate(MultiDataSet batch) {
        model.setInputs(batch.getFeatures());
        model.setLabels(batch.getLabels());
        if (batch.hasMaskArrays()) {
            model.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
        }
        model.computeGradientAndScore();
        double loss = model.score() - model.calcRegularizationScore(true);
        model.clearLayerMaskArrays();
        model.clearLayersStates();
        model.clear();
        return loss;
    }

    @Override
    public double loss(MultiDataSet batch) {
        return model.score(batch, false) - model.calcRegularizationScore(true);
    }

    @Override
    public INDArray[] outputs(MultiDataSet batch) {
        return model.output(false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    }

    @Override
    public float[] losses(MultiDataSet batch) {
        return Floats.of(model.scoreExamples(batch, false));
    }

    @Override
    public void afterBatch(int examples, Gradient update, Runnable action) {
        INDArray[] inputs = new INDArray[model.getNumInputArrays()];
        Arrays.setAll(inputs, i -> Nd4j.create(examples, 1));
        model.setInputs(inputs);
        model.setGradient(update);
        action.run();
        model.setGradient(null);
        model.clear();
    }

    @Override
    public int iteration() {
        return model.getConfiguration().getIterationCount();
    }

    @Override
    public void setIteration(int iteration) {
        model.getConfiguration().setIterationCount(iteration);
    }

    @Override
    public int epoch() {
        return model.getEpochCount();
    }

    @Override
    public void setEpoch(int epoch) {
        model.getConfiguration().setEpochCount(epoch);
    }
}

package io.sparkpeft.dl4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** A network of layers in a row. */
record LayerNetwork(MultiLayerNetwork model) implements Network {
    LayerNetwork {
        if (model.getLayerWiseConfigurations().getBackpropType() == BackpropType.TruncatedBPTT) {
            throw new IllegalArgumentException(
                    "Cannot train a network with truncated backpropagation through time: set BackpropType.Standard");
        }
    }

    @Override
    public String configuration() {
        return model.getLayerWiseConfigurations().toJson();
    }

    @Override
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Layer[] layers = model.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (layers[i].numParams() > 0) {
                parts.add(new Part(Integer.toString(i), layers[i], Optional.of(layers[i])));
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
        model.setInput(batch.getFeatures(0));
        model.setLabels(batch.getLabels(0));
        if (batch.hasMaskArrays()) {
            model.setLayerMaskArrays(batch.getFeaturesMaskArray(0), batch.getLabelsMaskArray(0));
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
        return model.score(single(batch)) - model.calcRegularizationScore(true);
    }

    @Override
    public INDArray[] outputs(MultiDataSet batch) {
        return new INDArray[] {
            model.output(batch.getFeatures(0), false, batch.getFeaturesMaskArray(0), batch.getLabelsMaskArray(0))
        };
    }

    @Override
    public float[] losses(MultiDataSet batch) {
        return Floats.of(model.scoreExamples(single(batch), false));
    }

    private static DataSet single(MultiDataSet batch) {
        return new DataSet(
                batch.getFeatures(0), batch.getLabels(0), batch.getFeaturesMaskArray(0), batch.getLabelsMaskArray(0));
    }

    @Override
    public void afterBatch(int examples, Gradient update, Runnable action) {
        model.setInput(Nd4j.create(examples, 1));
        model.setLabels(Nd4j.create(examples, 1));
        model.setGradient(update);
        action.run();
        model.setGradient(null);
        model.clear();
    }

    @Override
    public int iteration() {
        return model.getLayerWiseConfigurations().getIterationCount();
    }

    @Override
    public void setIteration(int iteration) {
        model.getLayerWiseConfigurations().setIterationCount(iteration);
    }

    @Override
    public int epoch() {
        return model.getEpochCount();
    }

    @Override
    public void setEpoch(int epoch) {
        model.setEpochCount(epoch);
    }
}

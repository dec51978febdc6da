package io.sparkpeft.dl4j.network;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.random.CounterRandom;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A DL4J network behind the model interface of the engine. The loss of an example is DL4J's; forward and backward are
 * DL4J's own, so every layer that DL4J trains is trained. A sink that asks for gradients example by example gets those
 * of groups of examples where {@link Mode} says so.
 */
public final class Dl4jModel implements Model<ExampleBatch> {
    private final Network network;
    private final NetworkLayout layout;
    private final Backend backend;
    private final Mode mode;
    private final FloatBuffer weights;
    private final Tensor[] staging;
    private float[] flat = new float[0];

    /**
     * How gradients are made.
     *
     * @param group examples whose mean gradient a sink that works example by example gets, times √group, so that squares
     *     are of the same size for every group; 1 for single examples
     * @param regularised whether gradients are those of the loss with the network's L1 and L2 terms
     * @param statistics whether running statistics move with every batch, as in DL4J's own training
     */
    public record Mode(int group, boolean regularised, boolean statistics) {
        public static Mode training(boolean statistics) {
            return new Mode(1, true, statistics);
        }

        public static Mode importance(int group) {
            return new Mode(group, false, false);
        }
    }

    /** @param backend holds gradients on their way to the sink; closed with the model */
    public Dl4jModel(Network network, NetworkLayout layout, Backend backend, Mode mode) {
        this.network = network;
        this.layout = layout;
        this.backend = backend;
        this.mode = mode;
        this.weights = Floats.memory(network.parameters());
        this.staging = new Tensor[layout.layout().count()];
    }

    @Override
    public ParameterLayout layout() {
        return layout.layout();
    }

    @Override
    public Backend backend() {
        return backend;
    }

    /** A copy of the weights, valid until the next call of any method: the network's own are in DL4J's memory. */
    @Override
    public Tensor parameter(int tensor) {
        float[] values = new float[layout().tensor(tensor).size()];
        weights.get(offset(tensor), values);
        return stage(tensor, values, 0);
    }

    private int offset(int tensor) {
        return Math.toIntExact(layout().offset(tensor));
    }

    private Tensor stage(int tensor, float[] values, int from) {
        if (staging[tensor] == null) {
            staging[tensor] = backend.allocate(
                    layout().tensor(tensor).rows(), layout().tensor(tensor).columns());
        }
        backend.upload(values, from, staging[tensor]);
        return staging[tensor];
    }

    @Override
    public void write(MaskIndex index, MaskVector vector) {
        float[] values = backend.vectors().array(vector);
        for (int t = 0; t < layout().count(); t++) {
            int offset = offset(t);
            int from = index.offset(t);
            if (index.isFull(t)) {
                weights.put(offset, values, from, index.count(t));
            } else {
                int[] indices = index.indices(t);
                for (int i = 0; i < indices.length; i++) {
                    weights.put(offset + indices[i], values[from + i]);
                }
            }
        }
    }

    /** The weights of a mask. */
    public float[] read(MaskIndex index) {
        float[] values = new float[index.size()];
        for (int t = 0; t < layout().count(); t++) {
            int offset = offset(t);
            if (index.isFull(t)) {
                weights.get(offset, values, index.offset(t), index.count(t));
            } else {
                int[] indices = index.indices(t);
                for (int i = 0; i < indices.length; i++) {
                    values[index.offset(t) + i] = weights.get(offset + indices[i]);
                }
            }
        }
        return values;
    }

    @Override
    public BatchLoss loss(ExampleBatch batch) {
        return new BatchLoss(network.loss(batch.data()) * batch.examples(), batch.targets());
    }

    @Override
    public BatchLoss lossAndGradient(ExampleBatch batch, float gradientScale, GradientSink sink) {
        if (!sink.perExample()) {
            return pass(batch, gradientScale, sink, -1);
        }
        BatchLoss loss = BatchLoss.ZERO;
        for (int from = 0; from < batch.examples(); from += mode.group()) {
            ExampleBatch group = batch.range(from, Math.min(batch.examples(), from + mode.group()));
            float scale = (float) (gradientScale / Math.sqrt(group.examples()));
            loss = loss.plus(pass(group, scale, sink, from));
        }
        return loss;
    }

    @Override
    public BatchLoss lossAndGradient(ExampleBatch batch, float[] targetScales, GradientSink sink) {
        BatchLoss loss = BatchLoss.ZERO;
        for (int e = 0; e < batch.examples(); e++) {
            loss = loss.plus(pass(batch.range(e, e + 1), targetScales[e], sink, e));
        }
        return loss;
    }

    private BatchLoss pass(ExampleBatch batch, float scale, GradientSink sink, int example) {
        int examples = batch.examples();
        Nd4j.getRandom().setSeed(batch.seed());
        double loss = network.differentiate(batch.data());
        INDArray gradient = network.gradient();
        for (int t = 0; t < layout().count(); t++) {
            if (mode.statistics() && layout.entries().get(t).statistic()) {
                segment(network.parameters(), t).subi(segment(gradient, t));
            } else if (sink.wants(t)) {
                finish(gradient, t, examples);
            }
        }
        if (flat.length == 0) {
            flat = new float[Math.toIntExact(layout().size())];
        }
        Floats.memory(gradient).get(0, flat);
        float factor = (float) ((double) scale * examples);
        for (int t = 0; t < layout().count(); t++) {
            if (sink.wants(t)) {
                sink.accept(t, example, scaled(t, factor));
            }
        }
        return new BatchLoss(loss * examples, examples);
    }

    /** In DL4J's order: mean over the examples, then the regularisation. */
    private void finish(INDArray gradient, int tensor, int examples) {
        INDArray part = segment(gradient, tensor);
        part.divi(examples);
        if (mode.regularised()) {
            INDArray values = segment(network.parameters(), tensor);
            layout.entries().get(tensor).regularizations().forEach(r -> r.apply(values, part, 0, 0, 0));
        }
    }

    private INDArray segment(INDArray whole, int tensor) {
        long from = layout().offset(tensor);
        return whole.get(NDArrayIndex.point(0), NDArrayIndex.interval(from, layout().offset(tensor + 1)));
    }

    private Tensor scaled(int tensor, float factor) {
        int from = offset(tensor);
        if (factor != 1) {
            for (int i = from; i < from + layout().tensor(tensor).size(); i++) {
                flat[i] *= factor;
            }
        }
        return stage(tensor, flat, from);
    }

    @Override
    public Predictions predict(ExampleBatch batch) {
        INDArray[] outputs = network.outputs(batch.data());
        int[] targets = new int[batch.examples()];
        Arrays.fill(targets, 1);
        float[][] probabilities = outputs.length == 1 && outputs[0].rank() == 2 && outputs[0].size(1) > 1
                ? outputs[0].toFloatMatrix()
                : new float[0][];
        return new Predictions(network.losses(batch.data()), targets, probabilities);
    }

    @Override
    public ExampleBatch sampleLabels(ExampleBatch batch, long seed) {
        float[][] probabilities = classes(batch);
        int[] labels = new int[batch.examples()];
        for (int e = 0; e < labels.length; e++) {
            int content = Arrays.hashCode(Floats.of(batch.parts().get(e).getFeatures(0)));
            double drawn = CounterRandom.uniform(seed, content);
            double sum = probabilities[e][0];
            while (drawn >= sum && labels[e] < probabilities[e].length - 1) {
                sum += probabilities[e][++labels[e]];
            }
        }
        return batch.relabelled(labels);
    }

    @Override
    public ExampleBatch withLabel(ExampleBatch batch, int label) {
        int count = classes(batch)[0].length;
        if (label < 0 || label >= count) {
            throw new IllegalArgumentException("Invalid label: %d, of %d classes".formatted(label, count));
        }
        int[] labels = new int[batch.examples()];
        Arrays.fill(labels, label);
        return batch.relabelled(labels);
    }

    private float[][] classes(ExampleBatch batch) {
        float[][] probabilities = predict(batch).probabilities();
        if (probabilities.length == 0) {
            throw new IllegalArgumentException(
                    "Cannot replace labels: the network is no classifier with one output of probabilities");
        }
        return probabilities;
    }

    /** @throws UnsupportedOperationException always: DL4J does not tell what a weight's input was */
    @Override
    public void observeInputs(ExampleBatch batch, GradientSink sink) {
        throw new UnsupportedOperationException("Cannot observe the inputs of layers of a DL4J network");
    }

    @Override
    public void close() {
        backend.close();
    }
}

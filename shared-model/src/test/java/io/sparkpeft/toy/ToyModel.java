package io.sparkpeft.toy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.List;

/**
 * A classifier of single words with a tensor of every kind: softmax(H·(C·tanh(W·e(word) + b))) with an embedding e, a
 * linear layer W, b, a Conv1D layer C and a head H. Every example goes through by itself, so that nothing depends on
 * how examples are batched.
 */
public final class ToyModel implements Model<ToyBatch> {
    public static final int VOCABULARY = 12;
    public static final int CLASSES = 3;
    public static final int EMBEDDING = 0;
    public static final int LINEAR = 1;
    public static final int BIAS = 2;
    public static final int CONV = 3;
    public static final int UNUSED = 4;
    public static final int HEAD = 5;

    public static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new TensorSpec("words", VOCABULARY, 5, TensorKind.EMBEDDING, TensorRole.BODY),
            new TensorSpec("linear.weight", 7, 5, TensorKind.LINEAR, TensorRole.BODY),
            new TensorSpec("linear.bias", 1, 7, TensorKind.VECTOR, TensorRole.BODY),
            new TensorSpec("conv.weight", 7, 6, TensorKind.CONV1D, TensorRole.BODY),
            new TensorSpec("unused", 2, 3, TensorKind.LINEAR, TensorRole.FROZEN),
            new TensorSpec("head.weight", CLASSES, 6, TensorKind.LINEAR, TensorRole.HEAD)));

    private final Backend backend;
    private final Tensor[] weights = new Tensor[LAYOUT.count()];
    private final Tensor[] gradients = new Tensor[LAYOUT.count()];
    private final Tensor input;
    private final Tensor pre;
    private final Tensor hidden;
    private final Tensor features;
    private final Tensor logits;
    private final Tensor preGradient;
    private final Tensor hiddenGradient;
    private final Tensor featureGradient;
    private final Tensor wordGradient;

    public ToyModel(Backend backend, Parameters parameters) {
        this.backend = backend;
        for (int t = 0; t < weights.length; t++) {
            TensorSpec spec = LAYOUT.tensor(t);
            weights[t] = backend.allocate(spec.rows(), spec.columns());
            gradients[t] = backend.allocate(spec.rows(), spec.columns());
            backend.upload(parameters.tensor(t), 0, weights[t]);
        }
        input = backend.allocate(1, 5);
        pre = backend.allocate(1, 7);
        hidden = backend.allocate(1, 7);
        features = backend.allocate(1, 6);
        logits = backend.allocate(1, CLASSES);
        preGradient = backend.allocate(1, 7);
        hiddenGradient = backend.allocate(1, 7);
        featureGradient = backend.allocate(1, 6);
        wordGradient = backend.allocate(1, 5);
    }

    @Override
    public void write(MaskIndex index, MaskVector vector) {
        float[] values = backend.vectors().array(vector);
        for (int t = 0; t < weights.length; t++) {
            if (index.isFull(t)) {
                backend.upload(values, index.offset(t), weights[t]);
            } else {
                backend.scatter(values, index.offset(t), index.indices(t), weights[t]);
            }
        }
    }

    /** Normal weights of deviation 0.6. */
    public static Parameters random(long key) {
        Parameters parameters = Parameters.zeros(LAYOUT);
        for (int t = 0; t < LAYOUT.count(); t++) {
            float[] values = parameters.tensor(t);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.6 * CounterRandom.normal(key, LAYOUT.offset(t) + i));
            }
        }
        return parameters;
    }

    /** The weights as they stand. */
    public Parameters parameters() {
        Parameters parameters = Parameters.zeros(LAYOUT);
        for (int t = 0; t < weights.length; t++) {
            backend.download(weights[t], parameters.tensor(t), 0);
        }
        return parameters;
    }

    @Override
    public ParameterLayout layout() {
        return LAYOUT;
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Tensor parameter(int tensor) {
        return weights[tensor];
    }

    @Override
    public BatchLoss loss(ToyBatch batch) {
        Predictions predictions = predict(batch);
        double sum = 0;
        for (float loss : predictions.losses()) {
            sum += loss;
        }
        return new BatchLoss(sum, batch.targets());
    }

    @Override
    public BatchLoss lossAndGradient(ToyBatch batch, float gradientScale, GradientSink sink) {
        float[] scales = new float[batch.examples()];
        Arrays.fill(scales, gradientScale);
        return lossAndGradient(batch, scales, sink);
    }

    @Override
    public BatchLoss lossAndGradient(ToyBatch batch, float[] targetScales, GradientSink sink) {
        double sum = 0;
        float[] loss = new float[1];
        for (int e = 0; e < batch.examples(); e++) {
            forward(batch.words()[e]);
            backend.crossEntropy(logits, new int[] {batch.labels()[e]}, new float[] {targetScales[e]}, loss, logits);
            sum += loss[0];
            backward(batch.words()[e], sink.perExample() ? e : -1, sink);
        }
        return new BatchLoss(sum, batch.targets());
    }

    private void forward(int word) {
        backend.gatherRows(weights[EMBEDDING], new int[] {word}, input);
        backend.gemm(false, true, 1, input, weights[LINEAR], 0, pre);
        backend.addBias(weights[BIAS], pre, pre);
        backend.activate(Activation.TANH, pre, hidden);
        backend.gemm(false, false, 1, hidden, weights[CONV], 0, features);
        backend.gemm(false, true, 1, features, weights[HEAD], 0, logits);
    }

    private void backward(int word, int example, GradientSink sink) {
        backend.gemm(false, false, 1, logits, weights[HEAD], 0, featureGradient);
        backend.gemm(false, true, 1, featureGradient, weights[CONV], 0, hiddenGradient);
        backend.activateBackward(Activation.TANH, pre, hiddenGradient, preGradient);
        backend.gemm(false, false, 1, preGradient, weights[LINEAR], 0, wordGradient);
        deliverProduct(HEAD, logits, features, example, sink);
        deliverProduct(CONV, hidden, featureGradient, example, sink);
        deliverProduct(LINEAR, preGradient, input, example, sink);
        if (sink.wants(BIAS)) {
            backend.copy(preGradient, gradients[BIAS]);
            sink.accept(BIAS, example, gradients[BIAS]);
        }
        if (sink.wants(EMBEDDING)) {
            sink.acceptRows(EMBEDDING, example, new int[] {word}, wordGradient);
        }
    }

    private void deliverProduct(int tensor, Tensor left, Tensor right, int example, GradientSink sink) {
        if (sink.wants(tensor)) {
            backend.gemm(true, false, 1, left, right, 0, gradients[tensor]);
            sink.accept(tensor, example, gradients[tensor]);
        }
    }

    @Override
    public Predictions predict(ToyBatch batch) {
        float[][] probabilities = new float[batch.examples()][CLASSES];
        float[] losses = new float[batch.examples()];
        int[] targets = new int[batch.examples()];
        for (int e = 0; e < batch.examples(); e++) {
            forward(batch.words()[e]);
            float[] loss = new float[1];
            backend.crossEntropy(logits, new int[] {batch.labels()[e]}, loss);
            backend.softmax(logits, logits);
            backend.download(logits, probabilities[e], 0);
            losses[e] = loss[0];
            targets[e] = batch.labels()[e] < 0 ? 0 : 1;
        }
        return new Predictions(losses, targets, probabilities);
    }

    @Override
    public ToyBatch sampleLabels(ToyBatch batch, long seed) {
        float[][] probabilities = predict(batch).probabilities();
        int[] labels = batch.labels().clone();
        for (int e = 0; e < labels.length; e++) {
            double u = CounterRandom.uniform(seed, batch.words()[e]);
            int c = 0;
            while (c < CLASSES - 1 && u >= probabilities[e][c]) {
                u -= probabilities[e][c++];
            }
            labels[e] = labels[e] < 0 ? -1 : c;
        }
        return new ToyBatch(batch.words(), labels);
    }

    @Override
    public ToyBatch withLabel(ToyBatch batch, int label) {
        return new ToyBatch(
                batch.words(),
                Arrays.stream(batch.labels()).map(l -> l < 0 ? -1 : label).toArray());
    }

    @Override
    public void observeInputs(ToyBatch batch, GradientSink sink) {
        for (int word : batch.words()) {
            forward(word);
            sink.input(LINEAR, input);
            sink.input(CONV, hidden);
            sink.input(HEAD, features);
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}

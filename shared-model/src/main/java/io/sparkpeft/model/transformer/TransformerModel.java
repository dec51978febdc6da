package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.layer.ActivationTap;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.block.LabelLoss;
import io.sparkpeft.model.layer.block.PredictionHead;
import io.sparkpeft.model.weights.ModelWeights;
import io.sparkpeft.model.weights.OwnWeights;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * A transformer over packed token sequences, forward and backward. The batch says which objective is meant: a model
 * that was loaded as a classifier computes the loss of its pre-training too, where its checkpoint has that head.
 */
public final class TransformerModel implements Model<TokenBatch> {
    /** 32 MiB. */
    private static final int DEFAULT_LOGITS = 1 << 23;

    private final ModelDefinition definition;
    private final Backend backend;
    private final Tensor zeros;
    private final Arena arena;
    private final Arena.Mark start;
    private final BatchLimits limits;
    private ModelWeights weights;
    private Network network;
    private Recompute recompute = Recompute.NONE;
    private int logitsLimit = DEFAULT_LOGITS;

    /**
     * A model that has its weights to itself.
     *
     * @param backend that computes; stays open when the model is closed
     */
    public TransformerModel(ModelDefinition definition, Backend backend, WeightSource weights) {
        this(definition, backend, new OwnWeights(backend, weights));
    }

    /**
     * A model over weights that are in memory.
     *
     * @param backend that computes; stays open when the model is closed
     * @param weights in that backend's memory; closed with the model
     */
    public TransformerModel(ModelDefinition definition, Backend backend, ModelWeights weights) {
        this.definition = definition;
        this.backend = backend;
        this.zeros = backend.allocate(1, definition.config().sizes().hidden());
        this.arena = new Arena(backend);
        this.start = arena.mark();
        this.limits = new BatchLimits(definition);
        this.weights = weights;
        use(weights);
    }

    public ModelDefinition definition() {
        return definition;
    }

    /** Says what backward computes again instead of keeping what forward found. */
    public TransformerModel recomputing(Recompute what) {
        recompute = what;
        return this;
    }

    /**
     * Sets how many logits exist at once where only losses and gradients are asked for. Beyond that they are made and used
     * some rows at a time; the gradients agree within rounding.
     *
     * @param floats 1 or more; at least one row is made
     */
    TransformerModel limitingLogits(int floats) {
        logitsLimit = floats;
        return this;
    }

    /** The weights that the model computes with. */
    public ModelWeights weights() {
        return weights;
    }

    /** Goes on with other weights; those before, which the caller closes, are not used any more. */
    public void use(ModelWeights other) {
        if (!other.layout().equals(layout())) {
            throw new IllegalArgumentException("Cannot use weights: they have another layout than the model");
        }
        weights = other;
        network = new NetworkBuilder(definition, other, zeros).build();
    }

    @Override
    public ParameterLayout layout() {
        return definition.layout();
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Tensor parameter(int tensor) {
        return weights.tensor(tensor);
    }

    @Override
    public void write(MaskIndex index, MaskVector values) {
        weights.write(index, values);
    }

    @Override
    public BatchLoss loss(TokenBatch batch) {
        Network.Input input = input(batch, false);
        if (input.targets().labelled() == 0) {
            return BatchLoss.ZERO;
        }
        return input.targets().sum(losses(input));
    }

    @Override
    public BatchLoss lossAndGradient(TokenBatch batch, float gradientScale, GradientSink sink) {
        float[] scales = new float[batch.labels().length];
        Arrays.fill(scales, gradientScale);
        return lossAndGradient(batch, scales, sink);
    }

    @Override
    public BatchLoss lossAndGradient(TokenBatch batch, float[] targetScales, GradientSink sink) {
        if (targetScales.length != batch.labels().length) {
            throw new IllegalArgumentException(
                    "Invalid target scales: %d for %d labels".formatted(targetScales.length, batch.labels().length));
        }
        int most = rowsAtOnce(batch.objective());
        return sink.perExample() && batch.targets() > most && batch.examples() > 1
                ? exampleGradients(batch, targetScales, sink, most)
                : gradients(batch, targetScales, sink);
    }

    private BatchLoss gradients(TokenBatch batch, float[] targetScales, GradientSink sink) {
        Network.Input input = input(batch, true);
        Targets targets = input.targets();
        if (targets.labelled() == 0) {
            return BatchLoss.ZERO;
        }
        Pass pass = pass(sink);
        int lowest = network.lowestWanted(pass, batch.objective());
        LabelLoss loss = new LabelLoss(targets.labels(), targets.scales(targetScales), new float[targets.count()]);
        int rows = rowsAtOnce(input.tokens().objective());
        if (lowest > network.headLevel()) {
            network.forwardToHead(pass, input, lowest).losses(pass, loss, rows);
        } else if (rows < targets.count() && !sink.perExample()) {
            network.forwardToHead(pass, input, lowest);
            network.backwardByParts(pass, input, lowest, loss, rows);
        } else {
            Tensor logits = network.forward(pass, input, lowest);
            backend.crossEntropy(logits, loss.labels(), loss.scales(), loss.losses(), logits);
            network.backward(pass, input, logits, lowest);
        }
        return targets.sum(loss.losses());
    }

    /** Some sequences at a time, so that their logits are within the limit. */
    private BatchLoss exampleGradients(TokenBatch batch, float[] targetScales, GradientSink sink, int most) {
        BatchLoss loss = BatchLoss.ZERO;
        for (ExamplePart part : ExamplePart.split(batch, most)) {
            int end = part.label() + part.batch().labels().length;
            float[] scales = Arrays.copyOfRange(targetScales, part.label(), end);
            loss = loss.plus(gradients(part.batch(), scales, new OffsetSink(sink, part.example())));
        }
        return loss;
    }

    @Override
    public Predictions predict(TokenBatch batch) {
        Network.Input input = input(batch, false);
        Targets targets = input.targets();
        float[] exampleLosses = new float[batch.examples()];
        int[] exampleTargets = new int[batch.examples()];
        if (targets.count() == 0) {
            return new Predictions(exampleLosses, exampleTargets, new float[0][]);
        }
        float[] losses;
        float[][] probabilities = new float[0][];
        if (batch.objective().isLanguageModel()) {
            losses = losses(input);
        } else {
            Tensor logits = forward(input);
            losses = losses(input, logits);
            backend.softmax(logits, logits);
            probabilities = rows(logits);
        }
        for (int s = 0; s < batch.examples(); s++) {
            double sum = 0;
            for (int t = targets.rows().bounds()[s]; t < targets.rows().bounds()[s + 1]; t++) {
                if (targets.labels()[t] >= 0) {
                    sum += losses[t];
                    exampleTargets[s]++;
                }
            }
            exampleLosses[s] = (float) sum;
        }
        return new Predictions(exampleLosses, exampleTargets, probabilities);
    }

    /** The logits of every target: of every sequence for a classifier, of every row with a label for a language model. */
    public float[][] logits(TokenBatch batch) {
        Network.Input input = input(batch, false);
        return input.targets().count() == 0 ? new float[0][] : rows(forward(input));
    }

    /** The hidden states of every row below the head, after the final normalisation where there is one. */
    public float[][] hiddenStates(TokenBatch batch) {
        return rows(network.hiddenStates(pass(NoGradients.SINK), input(batch, false)));
    }

    /** Forward without dropout, showing every intermediate result of all rows. */
    public void observeActivations(TokenBatch batch, ActivationTap tap) {
        Network.Input input = input(batch, false);
        network.forwardAllRows(
                new Pass(backend, restarted(), NoGradients.SINK, Optional.of(tap), Recompute.NONE), input);
    }

    @Override
    public void observeInputs(TokenBatch batch, GradientSink sink) {
        Network.Input input = input(batch, false);
        if (input.targets().count() > 0) {
            network.observe(pass(sink), input);
        }
    }

    @Override
    public TokenBatch sampleLabels(TokenBatch batch, long seed) {
        Network.Input input = input(batch, false);
        Targets targets = input.targets();
        if (targets.count() == 0) {
            return batch;
        }
        Pass pass = pass(NoGradients.SINK);
        PredictionHead head = network.forwardToHead(pass, input, network.headLevel() + 1);
        LabelSampler sampler = new LabelSampler(batch, targets, seed);
        int rows = rowsAtOnce(input.tokens().objective());
        for (int from = 0; from < targets.count(); from += rows) {
            Arena.Mark mark = arena.mark();
            Tensor logits = head.logits(pass, from, Math.min(rows, targets.count() - from));
            backend.softmax(logits, logits);
            sampler.draw(from, rows(logits));
            arena.release(mark);
        }
        return batch.withLabels(sampler.labels());
    }

    @Override
    public TokenBatch withLabel(TokenBatch batch, int label) {
        int classes = definition.classes(batch.objective());
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException("Invalid label: %d, the model knows %d".formatted(label, classes));
        }
        return batch.withLabels(
                Arrays.stream(batch.labels()).map(old -> old < 0 ? old : label).toArray());
    }

    /** Floats held for the activations and gradients of the largest batch so far. */
    public long workspace() {
        return arena.capacity();
    }

    /** Gives the weights and the arena back to the backend. */
    @Override
    public void close() {
        arena.close();
        backend.free(zeros);
        weights.close();
    }

    private Network.Input input(TokenBatch batch, boolean dropout) {
        limits.check(batch);
        Rows rows = new Rows(batch.offsets(), batch.positions(), dropout ? batch.rowKeys() : new long[0]);
        return new Network.Input(
                batch,
                rows,
                Targets.of(batch, rows, definition.config().classifier().token()),
                new Tensor[network.blocks().size()]);
    }

    private Tensor forward(Network.Input input) {
        return network.forward(pass(NoGradients.SINK), input, network.headLevel() + 1);
    }

    /** The losses, with no more logits at once than the limit allows. */
    private float[] losses(Network.Input input) {
        Pass pass = pass(NoGradients.SINK);
        LabelLoss loss = LabelLoss.of(input.targets().labels());
        network.forwardToHead(pass, input, network.headLevel() + 1)
                .losses(pass, loss, rowsAtOnce(input.tokens().objective()));
        return loss.losses();
    }

    /** Most rows whose logits may exist at once. */
    private int rowsAtOnce(Objective objective) {
        return Math.max(1, logitsLimit / definition.classes(objective));
    }

    private float[] losses(Network.Input input, Tensor logits) {
        float[] losses = new float[input.targets().count()];
        backend.crossEntropy(logits, input.targets().labels(), losses);
        return losses;
    }

    private Pass pass(GradientSink sink) {
        return new Pass(backend, restarted(), sink, Optional.empty(), recompute);
    }

    private Arena restarted() {
        arena.release(start);
        return arena;
    }

    private float[][] rows(Tensor tensor) {
        float[][] rows = new float[tensor.rows()][tensor.columns()];
        for (int r = 0; r < rows.length; r++) {
            backend.download(backend.rows(tensor, r, 1), rows[r], 0);
        }
        return rows;
    }
}

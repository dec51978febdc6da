package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.BatchLoss;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Predictions;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.layer.ActivationTap;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.WeightSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * A transformer over packed token sequences, forward and backward. The batch says which objective is meant: a model
 * that was loaded as a classifier computes the loss of its pre-training too, where its checkpoint has that head.
 */
public final class TransformerModel implements Model<TokenBatch> {
    private static final GradientSink NO_GRADIENTS = new GradientSink() {
        @Override
        public boolean wants(int tensor) {
            return false;
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {
            throw new IllegalStateException("No gradient was wanted");
        }

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
            throw new IllegalStateException("No gradient was wanted");
        }
    };

    private final ModelDefinition definition;
    private final Backend backend;
    private final Tensor[] tensors;
    private final Tensor zeros;
    private final Network network;
    private final Arena arena;
    private final Arena.Mark start;
    private final BatchLimits limits;
    private boolean recomputes;

    /**
     * Uploads the weights.
     *
     * @param backend that computes; stays open when the model is closed
     */
    public TransformerModel(ModelDefinition definition, Backend backend, WeightSource weights) {
        this.definition = definition;
        this.backend = backend;
        this.tensors = definition.layout().tensors().stream()
                .map(spec -> backend.allocate(spec.rows(), spec.columns()))
                .toArray(Tensor[]::new);
        load(weights);
        this.zeros = backend.allocate(1, definition.config().sizes().hidden());
        this.network = new NetworkBuilder(definition, tensors, zeros).build();
        this.arena = new Arena(backend);
        this.start = arena.mark();
        this.limits = new BatchLimits(definition);
    }

    public ModelDefinition definition() {
        return definition;
    }

    /**
     * Says whether backward computes each block again from its input instead of keeping what forward found: about a third
     * more time, the same bits, and memory for one block's activations instead of all.
     */
    public TransformerModel recomputing(boolean recompute) {
        recomputes = recompute;
        return this;
    }

    /** Replaces all weights, piece by piece. */
    public void load(WeightSource weights) {
        if (!weights.layout().equals(layout())) {
            throw new IllegalArgumentException("Cannot load weights: they have another layout than the model");
        }
        for (int t = 0; t < tensors.length; t++) {
            Tensor tensor = tensors[t];
            weights.forEachPiece(
                    t, (from, count, values) -> backend.upload(values, 0, backend.reshape(tensor, from, 1, count)));
        }
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
        return tensors[tensor];
    }

    @Override
    public BatchLoss loss(TokenBatch batch) {
        Network.Input input = input(batch, false);
        if (input.targets().labelled() == 0) {
            return BatchLoss.ZERO;
        }
        return sum(losses(input, forward(input)), input.targets());
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
        Network.Input input = input(batch, true);
        Targets targets = input.targets();
        if (targets.labelled() == 0) {
            return BatchLoss.ZERO;
        }
        Pass pass = pass(sink);
        int lowest = network.lowestWanted(pass, batch.objective());
        Tensor logits = network.forward(pass, input, lowest);
        float[] losses = new float[targets.count()];
        if (lowest > network.headLevel()) {
            backend.crossEntropy(logits, targets.labels(), losses);
        } else {
            backend.crossEntropy(logits, targets.labels(), targets.scales(targetScales), losses, logits);
            network.backward(pass, input, logits, lowest);
        }
        return sum(losses, targets);
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
        Tensor logits = forward(input);
        float[] losses = losses(input, logits);
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
        if (batch.objective().isLanguageModel()) {
            return new Predictions(exampleLosses, exampleTargets, new float[0][]);
        }
        backend.softmax(logits, logits);
        return new Predictions(exampleLosses, exampleTargets, rows(logits));
    }

    /** The logits of every target: of every sequence for a classifier, of every row with a label for a language model. */
    public float[][] logits(TokenBatch batch) {
        Network.Input input = input(batch, false);
        return input.targets().count() == 0 ? new float[0][] : rows(forward(input));
    }

    /** The hidden states of every row below the head, after the final normalisation where there is one. */
    public float[][] hiddenStates(TokenBatch batch) {
        return rows(network.hiddenStates(pass(NO_GRADIENTS), input(batch, false)));
    }

    /** Forward without dropout, showing every intermediate result of all rows. */
    public void observeActivations(TokenBatch batch, ActivationTap tap) {
        Network.Input input = input(batch, false);
        network.forwardAllRows(new Pass(backend, restarted(), NO_GRADIENTS, Optional.of(tap), false), input);
    }

    @Override
    public void observeInputs(TokenBatch batch, GradientSink sink) {
        Network.Input input = input(batch, false);
        if (input.targets().count() > 0) {
            network.forwardAllRows(pass(sink), input);
        }
    }

    @Override
    public TokenBatch sampleLabels(TokenBatch batch, long seed) {
        Network.Input input = input(batch, false);
        Targets targets = input.targets();
        if (targets.count() == 0) {
            return batch;
        }
        Tensor logits = forward(input);
        backend.softmax(logits, logits);
        return batch.withLabels(new LabelSampler(batch, seed).draw(targets, rows(logits)));
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
        for (Tensor tensor : tensors) {
            backend.free(tensor);
        }
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
        return network.forward(pass(NO_GRADIENTS), input, network.headLevel() + 1);
    }

    private float[] losses(Network.Input input, Tensor logits) {
        float[] losses = new float[input.targets().count()];
        backend.crossEntropy(logits, input.targets().labels(), losses);
        return losses;
    }

    private static BatchLoss sum(float[] losses, Targets targets) {
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return new BatchLoss(sum, targets.labelled());
    }

    private Pass pass(GradientSink sink) {
        return new Pass(backend, restarted(), sink, Optional.empty(), recomputes);
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

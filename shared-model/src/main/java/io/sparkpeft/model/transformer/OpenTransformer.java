package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.weights.ModelWeights;
import java.util.Optional;

/**
 * A transformer whose logits go on into somebody else's network: that one makes the loss and gives the logits' gradient
 * back. The labels of a batch only say which rows have logits: every sequence of a classifier, every row with a label of
 * a language model.
 */
public final class OpenTransformer implements AutoCloseable {
    private final ModelDefinition definition;
    private final Backend backend;
    private final ModelWeights weights;
    private final Tensor zeros;
    private final Arena arena;
    private final Arena.Mark start;
    private final BatchLimits limits;
    private final Network network;
    private Optional<Forward> last = Optional.empty();

    /**
     * @param backend that computes; stays open when the model is closed
     * @param weights in that backend's memory; closed with the model
     */
    public OpenTransformer(ModelDefinition definition, Backend backend, ModelWeights weights) {
        this.definition = definition;
        this.backend = backend;
        this.weights = weights;
        this.zeros = backend.allocate(1, definition.config().sizes().hidden());
        this.arena = new Arena(backend);
        this.start = arena.mark();
        this.limits = new BatchLimits(definition);
        this.network = new NetworkBuilder(definition, weights, zeros).build();
    }

    private record Forward(Pass pass, Network.Input input, Tensor logits, int lowest) {}

    /**
     * The logits, [targets, classes] row by row.
     *
     * @param sink receives the gradients of {@link #backward}; empty where there will be none
     */
    public float[] forward(TokenBatch batch, Optional<GradientSink> sink) {
        limits.check(batch);
        arena.release(start);
        last = Optional.empty();
        Rows rows = new Rows(batch.offsets(), batch.positions(), batch.rowKeys());
        Network.Input input = new Network.Input(
                batch,
                rows,
                Targets.of(batch, rows, definition.config().classifier().token()),
                new Tensor[network.blocks().size()]);
        Pass pass = new Pass(backend, arena, sink.orElse(NoGradients.SINK), Optional.empty(), Recompute.NONE);
        int lowest = sink.isPresent() ? network.lowestWanted(pass, batch.objective()) : network.headLevel() + 1;
        Tensor logits = network.forward(pass, input, lowest);
        float[] values = new float[logits.size()];
        backend.download(logits, values, 0);
        last = sink.map(s -> new Forward(pass, input, logits, lowest));
        return values;
    }

    /**
     * Hands the gradients of the weights to the sink of the last forward pass.
     *
     * @param logitsGradient as {@link #forward} gave the logits
     * @throws IllegalStateException if the last forward pass had no sink, or was gone back through already
     */
    public void backward(float[] logitsGradient) {
        Forward forward = last.orElseThrow(
                () -> new IllegalStateException("Cannot go backward: there was no forward pass for it"));
        last = Optional.empty();
        if (logitsGradient.length != forward.logits().size()) {
            throw new IllegalArgumentException("Invalid gradient: %d numbers for %d logits"
                    .formatted(logitsGradient.length, forward.logits().size()));
        }
        if (forward.lowest() > network.headLevel()) {
            return;
        }
        backend.upload(logitsGradient, 0, forward.logits());
        network.backward(forward.pass(), forward.input(), forward.logits(), forward.lowest());
    }

    @Override
    public void close() {
        arena.close();
        backend.free(zeros);
        weights.close();
    }
}

package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.layer.Linear;
import io.sparkpeft.model.layer.LinearGradientSum;
import io.sparkpeft.model.layer.Normalisation;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.TokenTable;
import io.sparkpeft.model.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From hidden states to logits: output(dropout(norm(f(dense(x))))), of which dense layer, normalisation and dropout may
 * be absent. Every head of every family is one of these.
 */
public final class PredictionHead {
    private final Optional<Transform> transform;
    private final Linear output;
    private final boolean tied;
    private final float dropout;
    private final int site;
    private Optional<State> state = Optional.empty();

    /**
     * @param output gives the logits
     * @param tied whether its weight is the token embedding, whose gradient is taken together with that of the lookup
     * @param dropout before the output
     * @param site of that dropout
     */
    public PredictionHead(Optional<Transform> transform, Linear output, boolean tied, float dropout, int site) {
        this.transform = transform;
        this.output = output;
        this.tied = tied;
        this.dropout = dropout;
        this.site = site;
    }

    /** What stands before the output. */
    public record Transform(Linear dense, Activation activation, Optional<Normalisation> norm) {
        List<Weight> weights() {
            List<Weight> weights = new ArrayList<>(dense.weights());
            norm.ifPresent(layer -> weights.addAll(layer.weights()));
            return weights;
        }
    }

    private record State(Tensor input, Optional<Tensor> dense, Tensor outputInput) {}

    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(output.weights());
        transform.ifPresent(layers -> weights.addAll(layers.weights()));
        return weights;
    }

    /** Number of classes or tokens that are told apart. */
    public int classes() {
        return output.outputs();
    }

    /** The logits, [rows, classes]. */
    public Tensor forward(Pass pass, Rows rows, Tensor input) {
        prepare(pass, rows, input);
        Tensor logits = pass.take(rows.count(), output.outputs());
        output.forward(pass, rows, state.orElseThrow().outputInput(), logits);
        pass.tap("logits", "", logits);
        return logits;
    }

    /** All of forward but the logits, which {@link #logits} gives for some rows at a time. */
    public void prepare(Pass pass, Rows rows, Tensor input) {
        Optional<Tensor> dense =
                transform.map(layers -> pass.take(rows.count(), layers.dense().outputs()));
        Tensor outputInput = input;
        if (transform.isPresent()) {
            outputInput = transform(pass, rows, input, dense.orElseThrow());
        }
        if (Pass.drops(dropout, rows)) {
            Tensor dropped = pass.take(rows.count(), outputInput.columns());
            pass.backend().copy(outputInput, dropped);
            pass.dropout(dropout, site, rows, dropped);
            outputInput = dropped;
        }
        state = Optional.of(new State(input, dense, outputInput));
    }

    /** {@link #prepare}, with the input of the output layer shown to the sink. */
    public void observe(Pass pass, Rows rows, Tensor input) {
        prepare(pass, rows, input);
        pass.observe(output.weight(), rows, state.orElseThrow().outputInput());
    }

    /** The logits of some of the rows, [count, classes], after {@link #prepare}. */
    public Tensor logits(Pass pass, int from, int count) {
        Tensor logits = pass.take(count, output.outputs());
        output.apply(pass, pass.backend().rows(state.orElseThrow().outputInput(), from, count), logits);
        return logits;
    }

    private Tensor transform(Pass pass, Rows rows, Tensor input, Tensor dense) {
        Transform layers = transform.orElseThrow();
        Backend backend = pass.backend();
        layers.dense().forward(pass, rows, input, dense);
        Tensor activated = pass.take(rows.count(), dense.columns());
        backend.activate(layers.activation(), dense, activated);
        pass.tap("head", ".activated", activated);
        if (layers.norm().isEmpty()) {
            return activated;
        }
        Tensor normed = pass.take(rows.count(), dense.columns());
        layers.norm().get().forward(pass, activated, normed);
        return normed;
    }

    /**
     * Hands the gradients of the weights to the pass.
     *
     * @param inputGradient written, where it is needed
     */
    public void backward(Pass pass, Rows rows, Tensor logitsGradient, Optional<Tensor> inputGradient) {
        State forward = state.orElseThrow();
        if (tied) {
            output.biasGradient(pass, rows, logitsGradient);
        } else {
            output.gradients(pass, rows, forward.outputInput(), logitsGradient);
        }
        backwardBelow(
                pass,
                rows,
                target -> target.ifPresent(t -> output.inputGradient(pass, logitsGradient, 0f, t)),
                inputGradient);
    }

    /**
     * The losses, and backward, after {@link #prepare}, of some rows at a time: logits, cross-entropy with its gradient in
     * one pass over the vocabulary, and what follows from it, so that the logits of all rows never exist at once. The
     * gradients are those of the whole batch; of a tied weight, those of this use of it alone.
     *
     * @param rowsAtOnce most rows whose logits exist at once
     * @param inputGradient written, where it is needed
     */
    public void lossAndGradients(Pass pass, Rows rows, LabelLoss loss, int rowsAtOnce, Optional<Tensor> inputGradient) {
        backwardBelow(pass, rows, target -> backwardByParts(pass, loss, rowsAtOnce, target), inputGradient);
    }

    private void backwardByParts(Pass pass, LabelLoss loss, int rowsAtOnce, Optional<Tensor> target) {
        Tensor outputInput = state.orElseThrow().outputInput();
        Arena.Mark before = pass.arena().mark();
        LinearGradientSum sum = new LinearGradientSum(pass, output);
        for (int from = 0; from < outputInput.rows(); from += rowsAtOnce) {
            Arena.Mark mark = pass.arena().mark();
            int first = from;
            int count = Math.min(rowsAtOnce, outputInput.rows() - from);
            Tensor logits = logits(pass, from, count);
            loss.differentiate(pass, from, logits);
            target.ifPresent(
                    t -> output.inputGradient(pass, logits, 0f, pass.backend().rows(t, first, count)));
            sum.add(pass.backend().rows(outputInput, from, count), logits);
            pass.arena().release(mark);
        }
        sum.finish();
        pass.arena().release(before);
    }

    /** The losses alone, after {@link #prepare}, of some rows at a time. */
    public void losses(Pass pass, LabelLoss loss, int rowsAtOnce) {
        for (int from = 0; from < loss.labels().length; from += rowsAtOnce) {
            Arena.Mark mark = pass.arena().mark();
            loss.measure(pass, from, logits(pass, from, Math.min(rowsAtOnce, loss.labels().length - from)));
            pass.arena().release(mark);
        }
    }

    /** Finds the gradient of the output layer's input, where it is needed. */
    private interface OutputBackward {
        void write(Optional<Tensor> target);
    }

    private void backwardBelow(Pass pass, Rows rows, OutputBackward outputBackward, Optional<Tensor> inputGradient) {
        if (transform.isEmpty()) {
            outputBackward.write(inputGradient);
            inputGradient.ifPresent(gradient -> pass.dropout(dropout, site, rows, gradient));
        } else if (inputGradient.isPresent() || pass.wantsAny(transform.get().weights())) {
            transformBackward(pass, rows, outputBackward, inputGradient);
        } else {
            outputBackward.write(Optional.empty());
        }
    }

    private void transformBackward(
            Pass pass, Rows rows, OutputBackward outputBackward, Optional<Tensor> inputGradient) {
        State forward = state.orElseThrow();
        Transform layers = transform.orElseThrow();
        Tensor dense = forward.dense().orElseThrow();
        Tensor gradient = pass.take(rows.count(), dense.columns());
        outputBackward.write(Optional.of(gradient));
        pass.dropout(dropout, site, rows, gradient);
        if (layers.norm().isPresent()) {
            layers.norm().get().gradients(pass, rows, gradient);
            Tensor activated = pass.take(rows.count(), dense.columns());
            layers.norm().get().inputGradient(pass, gradient, activated);
            gradient = activated;
        }
        pass.backend().activateBackward(layers.activation(), dense, gradient, gradient);
        layers.dense().gradients(pass, rows, forward.input(), gradient);
        if (inputGradient.isPresent()) {
            layers.dense().inputGradient(pass, gradient, 0f, inputGradient.get());
        }
    }

    /** The use of the token table as this head's output weight in the last pass, if it is one. */
    public Optional<TokenTable.TiedUse> tiedUse(Rows rows, Tensor logitsGradient) {
        return tied
                ? Optional.of(new TokenTable.TiedUse(rows, state.orElseThrow().outputInput(), logitsGradient))
                : Optional.empty();
    }
}

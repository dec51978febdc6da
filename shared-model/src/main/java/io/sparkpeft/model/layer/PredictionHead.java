package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Activation;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
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

    /** The logits, [rows, classes]. */
    public Tensor forward(Pass pass, Rows rows, Tensor input) {
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
        Tensor logits = pass.take(rows.count(), output.outputs());
        output.forward(pass, rows, outputInput, logits);
        pass.tap("logits", "", logits);
        state = Optional.of(new State(input, dense, outputInput));
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
        if (transform.isPresent()) {
            if (inputGradient.isPresent() || pass.wantsAny(transform.get().weights())) {
                transformBackward(pass, rows, logitsGradient, inputGradient);
            }
        } else if (inputGradient.isPresent()) {
            output.inputGradient(pass, logitsGradient, 0f, inputGradient.get());
            pass.dropout(dropout, site, rows, inputGradient.get());
        }
    }

    private void transformBackward(Pass pass, Rows rows, Tensor logitsGradient, Optional<Tensor> inputGradient) {
        State forward = state.orElseThrow();
        Transform layers = transform.orElseThrow();
        Tensor dense = forward.dense().orElseThrow();
        Tensor gradient = pass.take(rows.count(), dense.columns());
        output.inputGradient(pass, logitsGradient, 0f, gradient);
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

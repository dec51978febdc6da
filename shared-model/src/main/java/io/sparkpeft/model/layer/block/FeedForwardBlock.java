package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.layer.Flow;
import io.sparkpeft.model.layer.Linear;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** down(f(up(x))), or down(silu(gate(x))·up(x)) where there is a gate (Shazeer 2020, arXiv 2002.05202). */
public final class FeedForwardBlock implements Sublayer {
    private final String name;
    private final Activation activation;
    private final Optional<Linear> gate;
    private final Linear up;
    private final Linear down;
    private Optional<State> state = Optional.empty();

    /**
     * @param name of the block, for taps
     * @param activation where there is no gate
     */
    public FeedForwardBlock(String name, Activation activation, Optional<Linear> gate, Linear up, Linear down) {
        this.name = name;
        this.activation = activation;
        this.gate = gate;
        this.up = up;
        this.down = down;
    }

    /**
     * What forward found.
     *
     * @param raised what up gave; its activation's derivative once {@code activated} is known, where there is no gate
     * @param activated what down reads; empty where backward computes it again
     */
    private record State(Optional<Tensor> gated, Tensor raised, Optional<Tensor> activated) {}

    @Override
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(lowerWeights());
        weights.addAll(down.weights());
        return weights;
    }

    private List<Weight> lowerWeights() {
        List<Weight> weights = new ArrayList<>(up.weights());
        gate.ifPresent(layer -> weights.addAll(layer.weights()));
        return weights;
    }

    @Override
    public void forward(Pass pass, Flow flow, Tensor input, Optional<Tensor> residual, Tensor output) {
        Rows rows = flow.rows();
        Tensor raised = pass.take(rows.count(), up.outputs());
        Optional<Tensor> gated = gate.map(layer -> pass.take(rows.count(), layer.outputs()));
        Arena.Mark mark = pass.arena().mark();
        Tensor activated = pass.take(rows.count(), up.outputs());
        up.forward(pass, rows, input, raised);
        pass.tap(name, ".up", raised);
        gate.ifPresent(layer -> layer.forward(pass, rows, input, gated.orElseThrow()));
        boolean derives = pass.keeps() && !pass.recomputesSelectively();
        activate(pass, gated, raised, activated, derives);
        pass.tap(name, ".activated", activated);
        down.forward(pass, rows, activated, residual, output);
        pass.tap(name, ".output", output);
        if (pass.recomputesSelectively()) {
            pass.arena().release(mark);
        }
        state = Optional.of(
                new State(gated, raised, pass.recomputesSelectively() ? Optional.empty() : Optional.of(activated)));
    }

    /** @param derives whether what up gave becomes its activation's derivative */
    private void activate(Pass pass, Optional<Tensor> gated, Tensor raised, Tensor activated, boolean derives) {
        Backend backend = pass.backend();
        if (gated.isPresent()) {
            backend.gatedSilu(gated.get(), raised, activated);
        } else if (derives) {
            backend.activateForTraining(activation, raised, activated);
        } else {
            backend.activate(activation, raised, activated);
        }
    }

    private Tensor activatedAgain(Pass pass, State forward) {
        Tensor activated = pass.take(forward.raised().rows(), up.outputs());
        activate(pass, forward.gated(), forward.raised(), activated, true);
        return activated;
    }

    @Override
    public void backward(Pass pass, Flow flow, Tensor input, Tensor outputGradient, Optional<Tensor> inputGradient) {
        Rows rows = flow.rows();
        State forward = state.orElseThrow();
        Arena.Mark mark = pass.arena().mark();
        Tensor activated = forward.activated().orElseGet(() -> activatedAgain(pass, forward));
        down.gradients(pass, rows, activated, outputGradient);
        if (inputGradient.isPresent() || pass.wantsAny(lowerWeights())) {
            Tensor gradient = pass.take(rows.count(), up.outputs());
            down.inputGradient(pass, outputGradient, 0f, gradient);
            if (gate.isPresent()) {
                gatedBackward(pass, rows, input, gradient, inputGradient);
            } else {
                pass.backend().multiply(forward.raised(), gradient);
            }
            up.gradients(pass, rows, input, gradient);
            if (inputGradient.isPresent()) {
                up.inputGradient(pass, gradient, gate.isPresent() ? 1f : 0f, inputGradient.get());
            }
        }
        pass.arena().release(mark);
    }

    /** Turns the gradient of the product into that of the up branch, and finishes the gate's branch. */
    private void gatedBackward(Pass pass, Rows rows, Tensor input, Tensor gradient, Optional<Tensor> inputGradient) {
        State forward = state.orElseThrow();
        Linear layer = gate.orElseThrow();
        Tensor gateGradient = pass.take(rows.count(), layer.outputs());
        pass.backend()
                .gatedSiluBackward(forward.gated().orElseThrow(), forward.raised(), gradient, gateGradient, gradient);
        layer.gradients(pass, rows, input, gateGradient);
        if (inputGradient.isPresent()) {
            layer.inputGradient(pass, gateGradient, 0f, inputGradient.get());
        }
    }
}

package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.architecture.TransformerConfig.NormPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One residual branch around a sublayer f: y = x + dropout(f(norm(x))) with normalisation before, y = norm(x +
 * dropout(f(x))) with normalisation after.
 */
public final class ResidualBlock {
    private final String name;
    private final Sublayer sublayer;
    private final Normalisation norm;
    private final NormPlace place;
    private final float dropout;
    private final int site;
    private Optional<Tensor> sublayerInput = Optional.empty();

    /**
     * @param name of the block, for taps
     * @param dropout of the sublayer's result
     * @param site of that dropout
     */
    public ResidualBlock(String name, Sublayer sublayer, Normalisation norm, NormPlace place, float dropout, int site) {
        this.name = name;
        this.sublayer = sublayer;
        this.norm = norm;
        this.place = place;
        this.dropout = dropout;
        this.site = site;
    }

    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(norm.weights());
        weights.addAll(sublayer.weights());
        return weights;
    }

    /** Computes the output from the input, both [rows, hidden]; what backward needs is taken from the arena. */
    public void forward(Pass pass, Rows rows, Tensor input, Tensor output) {
        if (place == NormPlace.BEFORE) {
            Tensor normed = pass.take(input.rows(), input.columns());
            norm.forward(pass, input, normed);
            pass.tap(name, ".norm", normed);
            addBranch(pass, rows, input, normed, output);
        } else {
            Tensor sum = pass.take(input.rows(), input.columns());
            addBranch(pass, rows, input, input, sum);
            norm.forward(pass, sum, output);
        }
        pass.tap(name, "", output);
    }

    /** sum = residual + dropout(f(branchInput)). */
    private void addBranch(Pass pass, Rows rows, Tensor residual, Tensor branchInput, Tensor sum) {
        if (Pass.drops(dropout, rows) || pass.isTapped()) {
            sublayer.forward(pass, rows, branchInput, Optional.empty(), sum);
            pass.dropout(dropout, site, rows, sum);
            pass.backend().add(1f, residual, sum);
        } else {
            sublayer.forward(pass, rows, branchInput, Optional.of(residual), sum);
        }
        sublayerInput = Optional.of(branchInput);
    }

    /**
     * Hands the gradients of the weights to the pass.
     *
     * @param gradient of the output; becomes that of the input, if that is needed
     * @param needsInput whether it is
     */
    public void backward(Pass pass, Rows rows, Tensor gradient, boolean needsInput) {
        Arena.Mark mark = pass.arena().mark();
        if (place == NormPlace.BEFORE) {
            backwardBefore(pass, rows, gradient, needsInput);
        } else {
            backwardAfter(pass, rows, gradient, needsInput);
        }
        pass.arena().release(mark);
    }

    private void backwardBefore(Pass pass, Rows rows, Tensor gradient, boolean needsInput) {
        Backend backend = pass.backend();
        boolean needsNorm = needsInput || pass.wantsAny(norm.weights());
        Optional<Tensor> normed =
                needsNorm ? Optional.of(pass.take(rows.count(), gradient.columns())) : Optional.empty();
        sublayer.backward(pass, rows, sublayerInput.orElseThrow(), branchGradient(pass, rows, gradient), normed);
        if (normed.isPresent()) {
            norm.gradients(pass, rows, normed.get());
        }
        if (needsInput) {
            Tensor input = pass.take(rows.count(), gradient.columns());
            norm.inputGradient(pass, normed.orElseThrow(), input);
            backend.add(1f, input, gradient);
        }
    }

    private void backwardAfter(Pass pass, Rows rows, Tensor gradient, boolean needsInput) {
        norm.gradients(pass, rows, gradient);
        if (!needsInput && !pass.wantsAny(sublayer.weights())) {
            return;
        }
        Tensor sum = pass.take(rows.count(), gradient.columns());
        norm.inputGradient(pass, gradient, sum);
        Optional<Tensor> branch = needsInput ? Optional.of(gradient) : Optional.empty();
        sublayer.backward(pass, rows, sublayerInput.orElseThrow(), branchGradient(pass, rows, sum), branch);
        if (needsInput) {
            pass.backend().add(1f, sum, gradient);
        }
    }

    /** The gradient of the sublayer's result: that of the sum, less what was dropped. */
    private Tensor branchGradient(Pass pass, Rows rows, Tensor sumGradient) {
        if (!Pass.drops(dropout, rows)) {
            return sumGradient;
        }
        Tensor dropped = pass.take(rows.count(), sumGradient.columns());
        pass.backend().copy(sumGradient, dropped);
        pass.dropout(dropout, site, rows, dropped);
        return dropped;
    }
}

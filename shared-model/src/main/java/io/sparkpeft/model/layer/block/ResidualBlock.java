package io.sparkpeft.model.layer.block;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.architecture.TransformerConfig.NormPlace;
import io.sparkpeft.model.layer.Flow;
import io.sparkpeft.model.layer.Normalisation;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.Weight;
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

    /** Whether the sublayer reads what was normalised. */
    public boolean normsInput() {
        return place == NormPlace.BEFORE;
    }

    /** Whether the block can keep fewer rows than it reads. */
    public boolean canNarrow() {
        return sublayer.canNarrow();
    }

    /**
     * Computes the output; what backward needs is taken from the arena.
     *
     * @param input [rows, hidden]
     * @param output [kept rows, hidden]
     */
    public void forward(Pass pass, Flow flow, Tensor input, Tensor output) {
        Tensor residual = residual(pass, flow, input);
        if (place == NormPlace.BEFORE) {
            Tensor normed = pass.recomputesSelectively()
                    ? pass.passing(input.rows())
                    : pass.take(input.rows(), input.columns());
            norm.forward(pass, input, normed);
            pass.tap(name, ".norm", normed);
            addBranch(pass, flow, residual, normed, output);
        } else {
            Tensor sum = pass.take(output.rows(), output.columns());
            addBranch(pass, flow, residual, input, sum);
            norm.forward(pass, sum, output);
        }
        pass.tap(name, "", output);
    }

    private static Tensor residual(Pass pass, Flow flow, Tensor input) {
        if (!flow.narrows()) {
            return input;
        }
        Tensor kept = pass.take(flow.kept().count(), input.columns());
        pass.backend().gatherRows(input, flow.ids(), kept);
        return kept;
    }

    /** sum = residual + dropout(f(branchInput)). */
    private void addBranch(Pass pass, Flow flow, Tensor residual, Tensor branchInput, Tensor sum) {
        if (Pass.drops(dropout, flow.kept()) || pass.isTapped()) {
            sublayer.forward(pass, flow, branchInput, Optional.empty(), sum);
            pass.dropout(dropout, site, flow.kept(), sum);
            pass.backend().add(1f, residual, sum);
        } else {
            sublayer.forward(pass, flow, branchInput, Optional.of(residual), sum);
        }
        sublayerInput = Optional.of(branchInput);
    }

    /**
     * Hands the gradients of the weights to the pass.
     *
     * @param gradient of the output, [kept rows, hidden]; overwritten
     * @param needsInput whether the gradient of the input is needed
     * @return the gradient of the input, [rows, hidden], if it is needed: in the same memory, unless there are more rows
     */
    public Tensor backward(Pass pass, Flow flow, Tensor gradient, boolean needsInput) {
        boolean widens = needsInput && flow.narrows();
        Tensor inputGradient = widens ? pass.take(flow.rows().count(), gradient.columns()) : gradient;
        Arena.Mark mark = pass.arena().mark();
        if (place == NormPlace.BEFORE) {
            backwardBefore(pass, flow, gradient, needsInput, inputGradient);
        } else {
            backwardAfter(pass, flow, gradient, needsInput, inputGradient);
        }
        pass.arena().release(mark);
        return inputGradient;
    }

    private void backwardBefore(Pass pass, Flow flow, Tensor gradient, boolean needsInput, Tensor inputGradient) {
        Backend backend = pass.backend();
        Rows rows = flow.rows();
        boolean needsNorm = needsInput || pass.wantsAny(norm.weights());
        Optional<Tensor> normed =
                needsNorm ? Optional.of(pass.take(rows.count(), gradient.columns())) : Optional.empty();
        Tensor branch = branchGradient(pass, flow.kept(), gradient);
        Tensor branchInput = sublayerInput.orElseThrow();
        if (pass.recomputesSelectively() && pass.wantsAny(sublayer.weights())) {
            branchInput = pass.take(rows.count(), gradient.columns());
            norm.again(pass, branchInput);
        }
        sublayer.backward(pass, flow, branchInput, branch, normed);
        if (normed.isPresent()) {
            norm.gradients(pass, rows, normed.get());
        }
        if (needsInput && flow.narrows()) {
            norm.inputGradient(pass, normed.orElseThrow(), inputGradient);
            backend.scatterAddRows(gradient, flow.ids(), inputGradient);
        } else if (needsInput) {
            Tensor throughNorm = pass.take(rows.count(), gradient.columns());
            norm.inputGradient(pass, normed.orElseThrow(), throughNorm);
            backend.add(1f, throughNorm, inputGradient);
        }
    }

    private void backwardAfter(Pass pass, Flow flow, Tensor gradient, boolean needsInput, Tensor inputGradient) {
        norm.gradients(pass, flow.kept(), gradient);
        if (!needsInput && !pass.wantsAny(sublayer.weights())) {
            return;
        }
        Tensor sum = pass.take(gradient.rows(), gradient.columns());
        norm.inputGradient(pass, gradient, sum);
        Optional<Tensor> through = needsInput ? Optional.of(inputGradient) : Optional.empty();
        sublayer.backward(pass, flow, sublayerInput.orElseThrow(), branchGradient(pass, flow.kept(), sum), through);
        if (needsInput && flow.narrows()) {
            pass.backend().scatterAddRows(sum, flow.ids(), inputGradient);
        } else if (needsInput) {
            pass.backend().add(1f, sum, inputGradient);
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

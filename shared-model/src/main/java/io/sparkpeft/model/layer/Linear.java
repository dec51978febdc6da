package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * y = x·Wᵀ + b. The weight stays as the checkpoint stores it.
 *
 * @param weight [outputs, inputs], or [inputs, outputs] if turned
 * @param bias [1, outputs], where there is one
 * @param turned whether the weight is stored as y = x·W + b needs it
 */
public record Linear(Weight weight, Optional<Weight> bias, boolean turned) {
    /** Columns of the result. */
    public int outputs() {
        return turned ? weight.columns() : weight.rows();
    }

    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(List.of(weight));
        bias.ifPresent(weights::add);
        return weights;
    }

    public void forward(Pass pass, Rows rows, Tensor input, Tensor output) {
        pass.observe(weight, rows, input);
        apply(pass, input, output);
    }

    /** Forward, seen by nobody. */
    public void apply(Pass pass, Tensor input, Tensor output) {
        // The product is added to the bias, which costs no more than to zeros.
        bias.ifPresent(b -> pass.backend().fillRows(b.tensor(), output));
        pass.backend().gemm(false, !turned, 1f, input, weight.tensor(), bias.isPresent() ? 1f : 0f, output);
    }

    /** output = residual + x·Wᵀ + b, or without a residual what it is without. */
    public void forward(Pass pass, Rows rows, Tensor input, Optional<Tensor> residual, Tensor output) {
        if (residual.isEmpty()) {
            forward(pass, rows, input, output);
            return;
        }
        pass.observe(weight, rows, input);
        if (bias.isPresent()) {
            pass.backend().addBias(bias.get().tensor(), residual.get(), output);
        } else {
            pass.backend().copy(residual.get(), output);
        }
        pass.backend().gemm(false, !turned, 1f, input, weight.tensor(), 1f, output);
    }

    /** inputGradient = dY·W + beta·inputGradient. */
    public void inputGradient(Pass pass, Tensor outputGradient, float beta, Tensor inputGradient) {
        pass.backend().gemm(false, turned, 1f, outputGradient, weight.tensor(), beta, inputGradient);
    }

    public void gradients(Pass pass, Rows rows, Tensor input, Tensor outputGradient) {
        weightGradient(pass, rows, input, outputGradient);
        biasGradient(pass, rows, outputGradient);
    }

    /** dW = dYᵀ·X, or Xᵀ·dY if turned; of the rows and columns alone that anybody needs. */
    private void weightGradient(Pass pass, Rows rows, Tensor input, Tensor outputGradient) {
        Tensor left = turned ? input : outputGradient;
        Tensor right = turned ? outputGradient : input;
        if (pass.sink().takesProduct(weight.index())) {
            pass.sink().addProduct(weight.index(), rows.bounds(), left, right);
            return;
        }
        Backend backend = pass.backend();
        Optional<MaskBlock> block = pass.block(weight);
        if (block.isPresent()) {
            Arena.Mark mark = pass.arena().mark();
            pass.sink().acceptBlock(weight.index(), pass.product(block.get(), left, right));
            pass.arena().release(mark);
        } else {
            pass.gradient(
                    weight,
                    rows,
                    (from, count, gradient) -> backend.gemm(
                            true,
                            false,
                            1f,
                            backend.rows(left, from, count),
                            backend.rows(right, from, count),
                            0f,
                            gradient));
        }
    }

    public void biasGradient(Pass pass, Rows rows, Tensor outputGradient) {
        if (bias.isPresent()) {
            Backend backend = pass.backend();
            pass.gradient(
                    bias.get(),
                    rows,
                    (from, count, gradient) -> backend.sumRows(backend.rows(outputGradient, from, count), gradient));
        }
    }
}

package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskBlock;
import java.util.Optional;

/** The gradients of a linear layer that is not turned, summed over parts of a batch's rows. */
public final class LinearGradientSum {
    private final Pass pass;
    private final Linear layer;
    private final Optional<MaskBlock> block;
    private final boolean byProduct;
    private final Optional<Tensor> weightSum;
    private final Optional<Tensor> biasSum;
    private boolean started;

    /** Takes memory for the sums from the arena, as far as somebody wants them. */
    public LinearGradientSum(Pass pass, Linear layer) {
        Weight weight = layer.weight();
        boolean wanted = pass.sink().wants(weight.index());
        this.pass = pass;
        this.layer = layer;
        this.byProduct = wanted && pass.sink().takesProduct(weight.index());
        this.block = byProduct ? Optional.empty() : pass.block(weight);
        this.weightSum = wanted && !byProduct && block.isEmpty() ? Optional.of(like(weight)) : Optional.empty();
        this.biasSum =
                layer.bias().filter(bias -> pass.sink().wants(bias.index())).map(this::like);
    }

    private Tensor like(Weight weight) {
        return pass.take(weight.rows(), weight.columns());
    }

    /** Adds what some rows give. */
    public void add(Tensor input, Tensor outputGradient) {
        int weight = layer.weight().index();
        Backend backend = pass.backend();
        if (byProduct) {
            pass.sink().addProduct(weight, new int[] {0, input.rows()}, outputGradient, input);
        }
        if (block.isPresent()) {
            pass.sink().acceptBlock(weight, pass.product(block.get(), outputGradient, input));
        }
        weightSum.ifPresent(sum -> backend.gemm(true, false, 1f, outputGradient, input, started ? 1f : 0f, sum));
        if (biasSum.isPresent() && !started) {
            backend.sumRows(outputGradient, biasSum.get());
        } else if (biasSum.isPresent()) {
            Tensor part = pass.take(1, biasSum.get().columns());
            backend.sumRows(outputGradient, part);
            backend.add(1f, part, biasSum.get());
        }
        started = true;
    }

    /** Hands the sums over. */
    public void finish() {
        weightSum.ifPresent(sum -> pass.sink().accept(layer.weight().index(), -1, sum));
        biasSum.ifPresent(sum -> pass.sink().accept(layer.bias().orElseThrow().index(), -1, sum));
    }
}

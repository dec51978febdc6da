package io.sparkpeft.train;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.param.MaskBlock;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.TensorSpec;
import java.util.Arrays;
import java.util.Optional;

/**
 * Gathers the gradient of the tuned weights into a k-vector as backward produces it, adding over the micro-batches of a
 * step; the full gradient never exists at once.
 */
public final class MaskedGradientSink implements GradientSink, AutoCloseable {
    /**
     * Density up to which a weight's gradient is computed entry by entry: that takes 0.6 to 1.0 of the whole product's
     * time there, from small matrices to large, and as long or longer at twice the density.
     */
    private static final double SAMPLED_SHARE = 0.1;

    private final MaskIndex index;
    private final MaskVectors vectors;
    private final MaskVector gradient;
    /** Whether a tensor's part of the gradient holds something of this step. */
    private final boolean[] written;
    /** The indices of each tensor by row, made when first needed. */
    private final Entries[] entries;

    /** The block of each tensor, and how many entries of its gradient are computed otherwise; made when first needed. */
    private final Part[] parts;

    public MaskedGradientSink(MaskIndex index, Backend backend) {
        this.index = index;
        this.vectors = backend.vectors();
        this.gradient = vectors.allocate(index.size());
        this.written = new boolean[index.layout().count()];
        this.entries = new Entries[index.layout().count()];
        this.parts = new Part[index.layout().count()];
    }

    private record Part(Optional<MaskBlock> block, long size) {}

    /** The gradient gathered since {@link #clear}, [k], where the backend keeps it. */
    public MaskVector vector() {
        for (int t = 0; t < written.length; t++) {
            begin(t);
        }
        return gradient;
    }

    /** The same as an array: not a copy where vectors are arrays. */
    public float[] gradient() {
        return vectors.array(vector());
    }

    /** Starts a new step. What the step before left is overwritten, or cleared when it is first added to. */
    public void clear() {
        Arrays.fill(written, false);
    }

    /** Makes a tensor's part of the k-vector ready to be added to. */
    private void begin(int tensor) {
        if (!written[tensor]) {
            vectors.clear(gradient, index.offset(tensor), index.count(tensor));
            written[tensor] = true;
        }
    }

    private void addWhole(int tensor, Tensor tensorGradient) {
        if (written[tensor]) {
            vectors.addAll(tensorGradient, gradient, index.offset(tensor));
        } else {
            vectors.set(tensorGradient, gradient, index.offset(tensor));
            written[tensor] = true;
        }
    }

    @Override
    public boolean wants(int tensor) {
        return index.count(tensor) > 0;
    }

    @Override
    public Optional<MaskBlock> block(int tensor) {
        return part(tensor).block();
    }

    private Part part(int tensor) {
        if (parts[tensor] == null) {
            TensorSpec spec = index.layout().tensor(tensor);
            Optional<MaskBlock> block =
                    index.isFull(tensor) ? Optional.empty() : MaskBlock.of(spec, index.indices(tensor));
            parts[tensor] = new Part(block, block.map(MaskBlock::size).orElse((long) spec.size()));
        }
        return parts[tensor];
    }

    @Override
    public void acceptBlock(int tensor, Tensor blockGradient) {
        MaskBlock block = block(tensor).orElseThrow();
        if (block.isFull()) {
            addWhole(tensor, blockGradient);
        } else {
            begin(tensor);
            vectors.addGathered(blockGradient, block.indices(), gradient, index.offset(tensor));
        }
    }

    @Override
    public void accept(int tensor, int example, Tensor tensorGradient) {
        if (index.isFull(tensor)) {
            addWhole(tensor, tensorGradient);
        } else {
            begin(tensor);
            vectors.addGathered(tensorGradient, index.indices(tensor), gradient, index.offset(tensor));
        }
    }

    /** Where few entries are tuned, dot products for these alone take less time than the whole product. */
    @Override
    public boolean takesProduct(int tensor) {
        return index.count(tensor) <= SAMPLED_SHARE * part(tensor).size();
    }

    @Override
    public void addProduct(int tensor, int[] bounds, Tensor left, Tensor right) {
        if (index.count(tensor) > 0) {
            begin(tensor);
            vectors.addSampledProduct(left, right, entries(tensor), gradient, index.offset(tensor));
        }
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor rowGradients) {
        begin(tensor);
        if (index.isFull(tensor)) {
            vectors.addRows(rowGradients, rows, gradient, index.offset(tensor));
        } else {
            vectors.addRows(rowGradients, rows, entries(tensor), gradient, index.offset(tensor));
        }
    }

    private Entries entries(int tensor) {
        if (entries[tensor] == null) {
            TensorSpec spec = index.layout().tensor(tensor);
            entries[tensor] = Entries.of(index.indices(tensor), spec.rows(), spec.columns());
        }
        return entries[tensor];
    }

    /** Gives the gradient's memory back. */
    @Override
    public void close() {
        vectors.free(gradient);
    }
}

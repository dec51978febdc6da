package io.sparkpeft.train;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Entries;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.profile.Kernel;
import io.sparkpeft.compute.profile.ProfilingBackend;
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
public final class MaskedGradientSink implements GradientSink {
    /**
     * Density up to which a weight's gradient is computed entry by entry: that takes 0.6 to 1.0 of the whole product's
     * time there, from small matrices to large, and as long or longer at twice the density.
     */
    private static final double SAMPLED_SHARE = 0.1;

    private final MaskIndex index;
    private final Backend backend;
    private final float[] gradient;
    /** Whether a tensor's part of the gradient holds something of this step. */
    private final boolean[] written;
    /** The indices of each tensor by row, made when first needed. */
    private final Entries[] entries;

    /** The block of each tensor, and how many entries of its gradient are computed otherwise; made when first needed. */
    private final Part[] parts;

    private float[] rowBlock = new float[0];

    public MaskedGradientSink(MaskIndex index, Backend backend) {
        this.index = index;
        this.backend = backend;
        this.gradient = new float[index.size()];
        this.written = new boolean[index.layout().count()];
        this.entries = new Entries[index.layout().count()];
        this.parts = new Part[index.layout().count()];
    }

    private record Part(Optional<MaskBlock> block, long size) {}

    /** The gradient gathered since {@link #clear}, [k]: the array itself, not a copy. */
    public float[] gradient() {
        for (int t = 0; t < written.length; t++) {
            begin(t);
        }
        return gradient;
    }

    /** Starts a new step. What the step before left is overwritten, or cleared when it is first added to. */
    public void clear() {
        Arrays.fill(written, false);
    }

    /** Makes a tensor's part of the k-vector ready to be added to. */
    private void begin(int tensor) {
        if (!written[tensor]) {
            Arrays.fill(gradient, index.offset(tensor), index.offset(tensor) + index.count(tensor), 0f);
            written[tensor] = true;
        }
    }

    private void addWhole(int tensor, Tensor tensorGradient) {
        if (written[tensor]) {
            backend.addAll(tensorGradient, gradient, index.offset(tensor));
        } else {
            backend.download(tensorGradient, gradient, index.offset(tensor));
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
            backend.addGathered(blockGradient, block.indices(), gradient, index.offset(tensor));
        }
    }

    @Override
    public void accept(int tensor, int example, Tensor tensorGradient) {
        if (index.isFull(tensor)) {
            addWhole(tensor, tensorGradient);
        } else {
            begin(tensor);
            backend.addGathered(tensorGradient, index.indices(tensor), gradient, index.offset(tensor));
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
            backend.addSampledProduct(left, right, entries(tensor), gradient, index.offset(tensor));
        }
    }

    @Override
    public void acceptRows(int tensor, int example, int[] rows, Tensor rowGradients) {
        begin(tensor);
        int columns = rowGradients.columns();
        if (rowBlock.length < rowGradients.size()) {
            rowBlock = new float[rowGradients.size()];
        }
        backend.download(rowGradients, rowBlock, 0);
        int count = rowGradients.rows();
        long touched = (long) count * columns;
        ProfilingBackend.count(backend, Kernel.ADD_MASKED_ROWS, touched, () -> addRows(tensor, rows, count, columns));
    }

    private void addRows(int tensor, int[] rows, int count, int columns) {
        if (index.isFull(tensor)) {
            for (int r = 0; r < count; r++) {
                int target = index.offset(tensor) + rows[r] * columns;
                for (int c = 0; c < columns; c++) {
                    gradient[target + c] += rowBlock[r * columns + c];
                }
            }
        } else {
            addMasked(tensor, rows, count, columns);
        }
    }

    private void addMasked(int tensor, int[] rows, int count, int columns) {
        int[] indices = index.indices(tensor);
        int[] starts = entries(tensor).starts();
        int offset = index.offset(tensor);
        for (int r = 0; r < count; r++) {
            int shift = (r - rows[r]) * columns;
            for (int i = starts[rows[r]]; i < starts[rows[r] + 1]; i++) {
                gradient[offset + i] += rowBlock[indices[i] + shift];
            }
        }
    }

    private Entries entries(int tensor) {
        if (entries[tensor] == null) {
            TensorSpec spec = index.layout().tensor(tensor);
            entries[tensor] = Entries.of(index.indices(tensor), spec.rows(), spec.columns());
        }
        return entries[tensor];
    }
}

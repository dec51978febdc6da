package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;
import io.sparkpeft.compute.profile.InnerProducts;

/**
 * Attention as small matrix products on parts of the packed tensors, one for each head and sequence; nothing is copied.
 * Causal scores are made in bands of rows, so that most of what lies above the diagonal is never computed.
 */
final class CpuAttention {
    private static final int BAND = 64;

    private final Kernels kernels;
    private final AttentionSpec spec;
    private final CpuTensor probabilities;
    private final Scratch scratch;
    private final InnerProducts products;
    private final ScoreBlock block;
    private final int width;
    private final Window left;
    private final Window right;
    private final Window result;

    CpuAttention(
            Kernels kernels, AttentionSpec spec, CpuTensor probabilities, Scratch scratch, InnerProducts products) {
        this.kernels = kernels;
        this.spec = spec;
        this.probabilities = probabilities;
        this.scratch = scratch;
        this.products = products;
        this.block = new ScoreBlock(spec, probabilities.memory());
        this.width = spec.headSize();
        this.left = new Window(probabilities);
        this.right = new Window(probabilities);
        this.result = new Window(probabilities);
    }

    void forward(QueryKeyValue input, CpuTensor output) {
        Packed packed = new Packed(input);
        int start = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            for (int head = 0; head < spec.heads(); head++) {
                move(s, head, start);
                forward(packed, s, output);
            }
            start += spec.queries(s) * spec.length(s);
        }
    }

    void backward(QueryKeyValue input, CpuTensor outputGradient, QueryKeyValue gradients) {
        Packed packed = new Packed(input);
        Packed results = new Packed(gradients);
        int start = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            for (int head = 0; head < spec.heads(); head++) {
                move(s, head, start);
                backward(packed, s, outputGradient, results);
            }
            start += spec.queries(s) * spec.length(s);
        }
    }

    /** The three tensors as what they are. */
    private record Packed(CpuTensor query, CpuTensor key, CpuTensor value) {
        Packed(QueryKeyValue tensors) {
            this(CpuTensor.of(tensors.query()), CpuTensor.of(tensors.key()), CpuTensor.of(tensors.value()));
        }
    }

    private void move(int sequence, int head, int start) {
        block.move(sequence, head);
        Memory memory = probabilities.memory();
        int place = probabilities.place(head, start);
        block.probabilities().at(memory, place);
        if (spec.dropout().isActive()) {
            block.dropped().at(scratch.block(1, block.rows() * block.length()), 0);
        } else {
            block.dropped().at(memory, place);
        }
    }

    private void forward(Packed input, int sequence, CpuTensor output) {
        int first = spec.offsets()[sequence];
        for (int r = 0; r < block.rows(); r += band(r)) {
            int rows = band(r);
            int seen = seen(r);
            left.of(input.query(), block.firstRow() + r, queryColumn(), rows, width);
            right.of(input.key(), first, keyColumn(), seen, width);
            product(false, true, 0f, scores(result, block.probabilities(), r, rows, seen));
        }
        kernels.attentionSoftmax(block);
        for (int r = 0; r < block.rows(); r += band(r)) {
            int rows = band(r);
            int seen = seen(r);
            scores(left, block.dropped(), r, rows, seen);
            right.of(input.value(), first, keyColumn(), seen, width);
            result.of(output, block.firstRow() + r, queryColumn(), rows, width);
            product(false, false, 0f, result);
        }
    }

    private void backward(Packed input, int sequence, CpuTensor outputGradient, Packed gradients) {
        int first = spec.offsets()[sequence];
        block.gradients().at(scratch.block(0, block.rows() * block.length()), 0);
        for (int r = 0; r < block.rows(); r += band(r)) {
            int rows = band(r);
            int seen = seen(r);
            left.of(outputGradient, block.firstRow() + r, queryColumn(), rows, width);
            right.of(input.value(), first, keyColumn(), seen, width);
            product(false, true, 0f, scores(result, block.gradients(), r, rows, seen));
        }
        kernels.attentionSoftmaxBackward(block);
        // The first of the query heads that share a key head overwrites its gradients, the others add to them. So does
        // the last band, which sees all that any band sees, and those before it.
        boolean add = block.head() % (spec.heads() / spec.keyValueHeads()) != 0;
        if (!add) {
            clearUnseen(gradients, first);
        }
        for (int r = lastBand(); r >= 0 && block.rows() > 0; r -= BAND) {
            keyGradients(input, first, outputGradient, gradients, r, add ? 1f : 0f);
            add = true;
        }
    }

    /** What the queries of a band say of query, key and value; beta is 0 where they are the first to say it. */
    private void keyGradients(Packed input, int first, CpuTensor outputGradient, Packed gradients, int r, float beta) {
        int rows = band(r);
        int seen = seen(r);
        int row = block.firstRow() + r;
        scores(left, block.dropped(), r, rows, seen);
        right.of(outputGradient, row, queryColumn(), rows, width);
        product(true, false, beta, result.of(gradients.value(), first, keyColumn(), seen, width));
        scores(left, block.gradients(), r, rows, seen);
        right.of(input.key(), first, keyColumn(), seen, width);
        product(false, false, 0f, result.of(gradients.query(), row, queryColumn(), rows, width));
        right.of(input.query(), row, queryColumn(), rows, width);
        product(true, false, beta, result.of(gradients.key(), first, keyColumn(), seen, width));
    }

    /** The keys after those that the last query sees get no gradient from anyone. */
    private void clearUnseen(Packed gradients, int first) {
        int seen = block.rows() == 0 ? 0 : seen(lastBand());
        int unseen = block.length() - seen;
        if (unseen > 0) {
            kernels.fill(gradients.key().view(first + seen, keyColumn(), unseen, width), 0f);
            kernels.fill(gradients.value().view(first + seen, keyColumn(), unseen, width), 0f);
        }
    }

    /** target = op(left)·op(right) + beta·target, timed where a profile counts. */
    private void product(boolean transposeLeft, boolean transposeRight, float beta, Window target) {
        long began = products.begin();
        OpenBlas.gemm(transposeLeft, transposeRight, left, right, beta, target);
        products.end(began);
    }

    private Window scores(Window window, ScoreBlock.Part part, int from, int rows, int seen) {
        return window.at(part.memory(), part.start() + from * block.length(), rows, seen, block.length());
    }

    /** Rows of a band, of which the first is given. */
    private int band(int from) {
        return spec.causal() ? Math.min(BAND, block.rows() - from) : block.rows();
    }

    /** Where the last band starts. */
    private int lastBand() {
        return spec.causal() ? (block.rows() - 1) / BAND * BAND : 0;
    }

    /** Keys that a band sees. */
    private int seen(int from) {
        return block.visible(from + band(from) - 1);
    }

    private int queryColumn() {
        return block.head() * width;
    }

    private int keyColumn() {
        return block.head() * spec.keyValueHeads() / spec.heads() * width;
    }
}

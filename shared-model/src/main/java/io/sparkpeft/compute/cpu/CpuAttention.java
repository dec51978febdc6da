package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.AttentionSpec;
import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;

/**
 * Attention as small matrix products on views of the packed tensors, one for each head and sequence; nothing is copied.
 * Causal scores are made in bands of rows, so that most of what lies above the diagonal is never computed.
 */
final class CpuAttention {
    private static final int BAND = 64;

    private final Kernels kernels;
    private final AttentionSpec spec;
    private final CpuTensor probabilities;
    private final Scratch scratch;

    CpuAttention(Kernels kernels, AttentionSpec spec, CpuTensor probabilities, Scratch scratch) {
        this.kernels = kernels;
        this.spec = spec;
        this.probabilities = probabilities;
        this.scratch = scratch;
    }

    void forward(QueryKeyValue input, CpuTensor output) {
        int start = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            for (int head = 0; head < spec.heads(); head++) {
                forward(new Head(s, head, start, input), output);
            }
            start += square(s);
        }
    }

    void backward(QueryKeyValue input, CpuTensor outputGradient, QueryKeyValue gradients) {
        int start = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            for (int head = 0; head < spec.heads(); head++) {
                backward(new Head(s, head, start, input), outputGradient, new Head(s, head, start, gradients));
            }
            start += square(s);
        }
    }

    /** Views of one head of one sequence. */
    private final class Head {
        final ScoreBlock block;
        final int length;
        final CpuTensor query;
        final CpuTensor key;
        final CpuTensor value;
        final CpuTensor scores;

        Head(int sequence, int head, int start, QueryKeyValue tensors) {
            int first = spec.offsets()[sequence];
            length = spec.offsets()[sequence + 1] - first;
            block = new ScoreBlock(spec, head, first, length);
            int keyHead = head * spec.keyValueHeads() / spec.heads();
            query = ofSequence(CpuTensor.of(tensors.query()), head);
            key = ofSequence(CpuTensor.of(tensors.key()), keyHead);
            value = ofSequence(CpuTensor.of(tensors.value()), keyHead);
            scores = new CpuTensor(probabilities.memory(), probabilities.place(head, start), length, length, length);
        }

        CpuTensor ofSequence(CpuTensor packed, int head) {
            return packed.view(block.firstRow(), head * spec.headSize(), length, spec.headSize());
        }

        /** Rows of a band, of which the first is given. */
        int band(int from) {
            return spec.causal() ? Math.min(BAND, length - from) : length;
        }

        /** Where the last band starts. */
        int lastBand() {
            return spec.causal() ? (length - 1) / BAND * BAND : 0;
        }

        /** Keys that a band sees. */
        int seen(int from) {
            return from + band(from);
        }
    }

    private void forward(Head head, CpuTensor output) {
        int width = spec.headSize();
        CpuTensor result = head.ofSequence(output, head.block.head());
        CpuTensor dropped = dropped(head);
        for (int r = 0; r < head.length; r += head.band(r)) {
            int rows = head.band(r);
            int seen = head.seen(r);
            CpuTensor query = head.query.view(r, 0, rows, width);
            CpuTensor key = head.key.view(0, 0, seen, width);
            OpenBlas.gemm(false, true, 1f, query, key, 0f, head.scores.view(r, 0, rows, seen));
        }
        kernels.attentionSoftmax(head.block, head.scores, dropped);
        for (int r = 0; r < head.length; r += head.band(r)) {
            int rows = head.band(r);
            int seen = head.seen(r);
            CpuTensor weights = dropped.view(r, 0, rows, seen);
            CpuTensor value = head.value.view(0, 0, seen, width);
            OpenBlas.gemm(false, false, 1f, weights, value, 0f, result.view(r, 0, rows, width));
        }
    }

    private void backward(Head head, CpuTensor outputGradient, Head gradients) {
        int width = spec.headSize();
        CpuTensor result = head.ofSequence(outputGradient, head.block.head());
        CpuTensor dropped = dropped(head);
        CpuTensor scores = scratch.square(0, head.length);
        for (int r = 0; r < head.length; r += head.band(r)) {
            int rows = head.band(r);
            int seen = head.seen(r);
            CpuTensor value = head.value.view(0, 0, seen, width);
            OpenBlas.gemm(false, true, 1f, result.view(r, 0, rows, width), value, 0f, scores.view(r, 0, rows, seen));
        }
        kernels.attentionSoftmaxBackward(head.block, head.scores, scores, dropped);
        // The first of the query heads that share a key head overwrites its gradients, the others add to them. So does
        // the last band, which sees all keys, and those before it.
        boolean add = head.block.head() % (spec.heads() / spec.keyValueHeads()) != 0;
        for (int r = head.lastBand(); r >= 0 && head.length > 0; r -= BAND) {
            int rows = head.band(r);
            int seen = head.seen(r);
            float beta = add ? 1f : 0f;
            CpuTensor band = scores.view(r, 0, rows, seen);
            CpuTensor key = head.key.view(0, 0, seen, width);
            CpuTensor keyGradient = gradients.key.view(0, 0, seen, width);
            CpuTensor valueGradient = gradients.value.view(0, 0, seen, width);
            CpuTensor weights = dropped.view(r, 0, rows, seen);
            OpenBlas.gemm(true, false, 1f, weights, result.view(r, 0, rows, width), beta, valueGradient);
            OpenBlas.gemm(false, false, 1f, band, key, 0f, gradients.query.view(r, 0, rows, width));
            OpenBlas.gemm(true, false, 1f, band, head.query.view(r, 0, rows, width), beta, keyGradient);
            add = true;
        }
    }

    /** Where the probabilities after dropout are: in a scratch matrix, or where they were if there is no dropout. */
    private CpuTensor dropped(Head head) {
        return spec.dropout().isActive() ? scratch.square(1, head.length) : head.scores;
    }

    private int square(int sequence) {
        int length = spec.offsets()[sequence + 1] - spec.offsets()[sequence];
        return length * length;
    }
}

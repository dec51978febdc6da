package io.sparkpeft.plan;

import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.architecture.TransformerConfig;

/**
 * Memory that a run needs, estimated from above, in floats of 4 bytes. With W weights of the model, k tuned ones, v = 3
 * vectors in a message where moments are averaged, else 1, n tokens that go through the model at once, of sequences of
 * at most T tokens, c tasks at once in an executor; O weights in the tensors that may be tuned, H in those that may lie
 * packed in halves, which O leaves out; L layers of width H, with A heads, Q wide queries, K wide keys and values and F
 * wide feed-forward layers (g = 3 with a gate, else 2); C classes a token is predicted from; G weights in the largest
 * tensor:
 *
 * <pre>
 *   layer       = n·(4H + 2Q + 2K + gF + A·T)
 *   activations = 3nH + L·layer + min(n, max(T, 2²³/C))·C    all layers, kept for backward; logits some rows at a time
 *               = 3nH + L·(layer − n·(Q + A·T + F)) + …      train.recompute = selective
 *               = 3nH + 2nLH + 2·layer + …                   train.recompute = full
 *   gradients   = layer + G                                  one layer at a time
 *   micro-batch = 2·(activations + gradients) + 2²⁰           what holds them grows by doubling, from 2²⁰
 *   vectors     = (4 + 2v)·k                                 values, gradient, two moments; messages both ways
 *   once        = W − H/2 + 2k                               the last where anything is packed: tuned before, kept apart
 *   own         = O + min(H, 10k) + G                        the last two where anything is packed: densely tuned; scratch
 *   training    = once − O + c·(own + micro-batch + vectors) what a task does not tune is there once; O from above
 *   importance  = once + c·(G + micro-batch + W)             nothing is tuned yet; each task sums scores of all
 *   executor    = max(training, importance)                  the base lies in a file
 *   driver      = (3 + min(shards, 2²⁶/(v·k)))·v·k           what is tuned, and updates
 * </pre>
 *
 * @param weights W
 * @param tunable O
 * @param packed H; 0 where all weights are floats
 * @param tuned k
 * @param vectors v
 * @param tokens n
 * @param length T
 * @param predicted C; 0 where no language-model loss is computed
 * @param largest G
 * @param recompute what backward computes again
 * @param config the rest
 */
record MemoryEstimate(
        long weights,
        long tunable,
        long packed,
        long tuned,
        int vectors,
        long tokens,
        long length,
        long predicted,
        long largest,
        Recompute recompute,
        TransformerConfig config) {
    private static final long DRIVER_FLOATS = 1L << 26;
    private static final long SMALLEST = 1L << 20;
    private static final long LOGITS = 1L << 23;

    /** Floats of a layer for each token. */
    private long layer() {
        TransformerConfig.Attention attention = config.attention();
        long feedForward =
                (config.feedForward().gated() ? 3L : 2L) * config.sizes().intermediate();
        return 4L * config.sizes().hidden()
                + 2L * attention.queryWidth()
                + 2L * attention.keyWidth()
                + feedForward
                + attention.heads() * length;
    }

    /** Floats of a layer for each token that are computed again where that is selective. */
    private long recomputed() {
        TransformerConfig.Attention attention = config.attention();
        return attention.queryWidth()
                + attention.heads() * length
                + config.sizes().intermediate();
    }

    /** Bytes of the base, in a file on the local disk of every executor and of the driver. */
    long base() {
        return Float.BYTES * weights;
    }

    /** Floats of the logits that exist at once; those of one sequence do where its gradient is asked for by itself. */
    private long logits() {
        return predicted == 0 ? 0 : Math.min(tokens, Math.max(length, LOGITS / predicted)) * predicted;
    }

    /** Bytes of the activations and gradients of one micro-batch. */
    long microBatch() {
        long hidden = config.sizes().hidden();
        long layers = config.sizes().layers();
        long kept =
                switch (recompute) {
                    case NONE -> layers * layer();
                    case SELECTIVE -> layers * (layer() - recomputed());
                    case FULL -> 2 * layers * hidden + 2 * layer();
                };
        long used = tokens * (3 * hidden + kept + layer()) + logits() + largest;
        return Float.BYTES * (2 * used + SMALLEST);
    }

    /** Bytes of an executor that runs so many tasks at once. */
    long executor(int tasks) {
        long sparse = (4L + 2L * vectors) * tuned;
        long once = weights;
        long own = tunable;
        long scratch = 0;
        if (packed > 0) {
            once += 2 * tuned - packed / 2;
            own += Math.min(packed, 10 * tuned);
            scratch = largest;
        }
        long training = once - tunable + tasks * (own + scratch + sparse);
        long importance = once + tasks * (scratch + weights);
        return Float.BYTES * Math.max(training, importance) + tasks * microBatch();
    }

    /** Bytes of the driver. */
    long driver(int shards) {
        long update = vectors * tuned;
        return Float.BYTES * (3 * update + Math.min(shards * update, DRIVER_FLOATS));
    }
}

package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.dl4j.network.Floats;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Token numbers [examples, length] as DL4J has them, and the packed batch that they are.
 *
 * @param batch without padding; every token has a label, which says only that its logits are wanted
 * @param length of the longest sequence, padding included
 */
record TokenInput(TokenBatch batch, int length) {
    /**
     * @param tokens [examples, length]; [examples, 1, length] will do
     * @param mask 0 where there is padding
     * @param dropoutKey what dropout is drawn from; none where nothing is to be dropped
     * @throws IllegalArgumentException if an example has no tokens, or padding between them
     */
    static TokenInput of(INDArray tokens, Optional<INDArray> mask, Objective objective, Optional<Long> dropoutKey) {
        int examples = Math.toIntExact(tokens.size(0));
        int length = Math.toIntExact(tokens.length() / examples);
        float[] ids = Floats.of(tokens);
        float[] kept = mask.map(Floats::of).orElse(new float[0]);
        int[] packed = new int[ids.length];
        int[] offsets = new int[examples + 1];
        int next = 0;
        for (int e = 0; e < examples; e++) {
            boolean ended = false;
            for (int p = e * length; p < (e + 1) * length; p++) {
                boolean padding = ids[p] < 0 || (kept.length > 0 && kept[p] == 0);
                if (!padding && ended) {
                    throw new IllegalArgumentException(
                            "Invalid tokens: example %d has padding before token %d".formatted(e, p - e * length));
                }
                ended = padding;
                if (!padding) {
                    packed[next++] = Math.round(ids[p]);
                }
            }
            offsets[e + 1] = next;
        }
        int labels = objective.isLanguageModel() ? next : examples;
        long[] keys = new long[dropoutKey.isPresent() ? examples : 0];
        for (int e = 0; e < keys.length; e++) {
            keys[e] = CounterRandom.mix(dropoutKey.orElseThrow(), e);
        }
        return new TokenInput(
                new TokenBatch(objective, Arrays.copyOf(packed, next), new int[0], offsets, new int[labels], keys),
                length);
    }

    /** Logits as DL4J has them: [examples, classes], or [examples, classes, length] with 0 for padding. */
    INDArray array(float[] logits) {
        int classes = logits.length / batch.labels().length;
        if (!batch.objective().isLanguageModel()) {
            return Floats.row(logits).reshape('c', batch.examples(), classes);
        }
        float[] spread = new float[batch.examples() * classes * length];
        forEach(classes, (row, cell) -> spread[cell] = logits[row]);
        return Floats.row(spread).reshape('c', batch.examples(), classes, length);
    }

    /** The numbers of the tokens that are there, row by row, of what has the shape of {@link #array}. */
    float[] packed(INDArray array) {
        float[] values = Floats.of(array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT));
        if (!batch.objective().isLanguageModel()) {
            return values;
        }
        int classes = Math.toIntExact(array.size(1));
        float[] packed = new float[batch.units() * classes];
        forEach(classes, (row, cell) -> packed[row] = values[cell]);
        return packed;
    }

    /** What belongs together of a packed row-by-row matrix and an array [examples, classes, length]. */
    private interface Pair {
        void visit(int row, int cell);
    }

    private void forEach(int classes, Pair pair) {
        for (int e = 0; e < batch.examples(); e++) {
            for (int r = batch.offsets()[e]; r < batch.offsets()[e + 1]; r++) {
                for (int c = 0; c < classes; c++) {
                    pair.visit(r * classes + c, (e * classes + c) * length + r - batch.offsets()[e]);
                }
            }
        }
    }
}

package io.sparkpeft.param.source;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.WeightSource;
import java.util.Arrays;
import org.roaringbitmap.PeekableIntIterator;

/**
 * Other weights with those of BODY tensors outside a prune mask set to exactly 0.
 *
 * @param base the other weights
 * @param kept the prune mask
 */
public record PrunedWeights(WeightSource base, ParameterMask kept) implements WeightSource {
    @Override
    public ParameterLayout layout() {
        return base.layout();
    }

    @Override
    public void read(int tensor, int from, int count, float[] target, int offset) {
        base.read(tensor, from, count, target, offset);
        if (layout().tensor(tensor).role() != TensorRole.BODY || kept.isFull(tensor)) {
            return;
        }
        int to = from + count;
        int shift = offset - from;
        int next = from;
        PeekableIntIterator survivors = kept.tensor(tensor).getIntIterator();
        survivors.advanceIfNeeded(from);
        while (survivors.hasNext() && survivors.peekNext() < to) {
            int survivor = survivors.next();
            Arrays.fill(target, next + shift, survivor + shift, 0f);
            next = survivor + 1;
        }
        Arrays.fill(target, next + shift, to + shift, 0f);
    }
}

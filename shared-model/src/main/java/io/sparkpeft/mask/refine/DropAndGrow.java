package io.sparkpeft.mask.refine;

import io.sparkpeft.mask.DensityGuards;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * Drops the ⌊p·k⌋ tuned weights that changed least, by abs(δ), and grows as many of the inactive ones, by importance.
 * Equal changes drop the highest flat index first. A weight that is dropped cannot grow back in the same exchange.
 * RigL: Evci et al. 2020, arXiv 1911.11134; SpIEL: Ansell et al. 2024, arXiv 2401.16405.
 */
public final class DropAndGrow implements MaskRefiner {
    @Override
    public String name() {
        return "drop-and-grow";
    }

    @Override
    public MaskExchange start(MaskIndex tuned, float[] change, ParameterMask candidates, double share) {
        ParameterMask inactive = candidates.without(tuned.mask());
        long body = tuned.mask().count(TensorRole.BODY);
        int exchanged = (int) Math.min((long) Math.floor(share * body), inactive.count());
        ParameterMask dropped = smallest(tuned, change, exchanged);
        return new MaskExchange(
                tuned.mask().without(dropped), new SelectionTask(inactive, exchanged, DensityGuards.NONE));
    }

    private static ParameterMask smallest(MaskIndex tuned, float[] change, int count) {
        long[] keys = new long[(int) tuned.mask().count(TensorRole.BODY)];
        int filled = 0;
        for (int t : tuned.layout().indicesOf(TensorRole.BODY)) {
            for (int p = tuned.offset(t); p < tuned.offset(t) + tuned.count(t); p++) {
                long size = Float.floatToIntBits(Math.abs(change[p]));
                keys[filled++] = size << Integer.SIZE | (Integer.MAX_VALUE - p);
            }
        }
        Arrays.sort(keys);
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = Integer.MAX_VALUE - (int) keys[i];
        }
        return mask(tuned, positions);
    }

    private static ParameterMask mask(MaskIndex tuned, int[] positions) {
        RoaringBitmap[] tensors = new RoaringBitmap[tuned.layout().count()];
        Arrays.sort(positions);
        int next = 0;
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            for (; next < positions.length && positions[next] < tuned.offset(t) + tuned.count(t); next++) {
                int rank = positions[next] - tuned.offset(t);
                tensors[t].add(tuned.isFull(t) ? rank : tuned.indices(t)[rank]);
            }
        }
        return new ParameterMask(tuned.layout(), tensors);
    }
}

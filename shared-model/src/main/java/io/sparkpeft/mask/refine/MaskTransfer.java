package io.sparkpeft.mask.refine;

import io.sparkpeft.param.MaskIndex;

/** Carries vectors in the order of one mask over into the order of another of the same layout. */
public final class MaskTransfer {
    private final MaskIndex to;
    /** By new position the old one, −1 where the weight is new to the mask. */
    private final int[] sources;

    public MaskTransfer(MaskIndex from, MaskIndex to) {
        if (!from.layout().equals(to.layout())) {
            throw new IllegalArgumentException("Cannot carry values over: the masks belong to different layouts");
        }
        this.to = to;
        this.sources = new int[to.size()];
        for (int t = 0; t < to.layout().count(); t++) {
            int old = 0;
            for (int n = 0; n < to.count(t); n++) {
                int index = index(to, t, n);
                while (old < from.count(t) && index(from, t, old) < index) {
                    old++;
                }
                boolean carried = old < from.count(t) && index(from, t, old) == index;
                sources[to.offset(t) + n] = carried ? from.offset(t) + old : -1;
            }
        }
    }

    private static int index(MaskIndex mask, int tensor, int rank) {
        return mask.isFull(tensor) ? rank : mask.indices(tensor)[rank];
    }

    /**
     * The vector in the new order.
     *
     * @param vector in the old order
     * @param fresh values, in the new order, of the weights that are new: their weights at the start of the phase, or 0
     *     for changes and moments
     */
    public float[] carry(float[] vector, float[] fresh) {
        float[] carried = new float[to.size()];
        for (int n = 0; n < carried.length; n++) {
            carried[n] = sources[n] < 0 ? fresh[n] : vector[sources[n]];
        }
        return carried;
    }
}

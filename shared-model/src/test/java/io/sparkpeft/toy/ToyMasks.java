package io.sparkpeft.toy;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.random.CounterRandom;
import org.roaringbitmap.RoaringBitmap;

/** Masks to test with. */
public final class ToyMasks {
    private ToyMasks() {}

    /** A random share of every BODY tensor and all of every HEAD tensor. */
    public static ParameterMask random(ParameterLayout layout, long key, double density) {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            for (int i = 0; i < layout.tensor(t).size(); i++) {
                TensorRole role = layout.tensor(t).role();
                boolean drawn = CounterRandom.uniform(key, layout.offset(t) + i) < density;
                if (role == TensorRole.HEAD || (role == TensorRole.BODY && drawn)) {
                    tensors[t].add(i);
                }
            }
        }
        return new ParameterMask(layout, tensors);
    }
}

package io.sparkpeft.model.adapter;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.SplittableRandom;
import org.roaringbitmap.RoaringBitmap;

/** Tuned weights for tests of SHiRA adapters. */
public final class ShiraMasks {
    private ShiraMasks() {}

    /** A share of every linear matrix of the body, drawn at random, one weight at least, and the whole head. */
    public static ParameterMask some(ParameterLayout layout, double share) {
        SplittableRandom random = new SplittableRandom(5);
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            TensorSpec spec = layout.tensor(t);
            tensors[t] = new RoaringBitmap();
            if (spec.role() == TensorRole.HEAD) {
                tensors[t].add(0L, spec.size());
            } else if (spec.role() == TensorRole.BODY && spec.kind() == TensorKind.LINEAR) {
                tensors[t].add(random.nextInt(spec.size()));
                for (int i = 0; i < spec.size(); i++) {
                    if (random.nextDouble() < share) {
                        tensors[t].add(i);
                    }
                }
            }
        }
        return new ParameterMask(layout, tensors);
    }

    /** Values for them. */
    public static float[] values(MaskIndex index) {
        SplittableRandom random = new SplittableRandom(6);
        float[] values = new float[index.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        return values;
    }
}

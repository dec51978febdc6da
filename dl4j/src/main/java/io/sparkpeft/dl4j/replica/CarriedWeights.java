package io.sparkpeft.dl4j.replica;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.train.LocalUpdate;
import java.util.Arrays;

/**
 * The vector that rounds carry: the tuned weights, behind them the running statistics, which no gradient moves but every
 * batch does, so that they are averaged and written down with the weights. Moments have zeros in their place.
 *
 * @param update coordinates of the tuned weights
 * @param statistics coordinates of the running statistics
 */
public record CarriedWeights(MaskIndex update, MaskIndex statistics) {
    public float[] gather(Parameters weights) {
        return join(update.gather(weights), statistics.gather(weights));
    }

    public void scatter(float[] carried, Parameters weights) {
        update.scatter(tuned(carried), weights);
        statistics.scatter(statistics(carried), weights);
    }

    public float[] tuned(float[] carried) {
        return Arrays.copyOf(carried, update.size());
    }

    public float[] statistics(float[] carried) {
        return Arrays.copyOfRange(carried, update.size(), carried.length);
    }

    /** The moments of the tuned weights. */
    public OptimizerState tuned(OptimizerState carried) {
        return carried.isNone() ? carried : new OptimizerState(tuned(carried.first()), tuned(carried.second()));
    }

    /**
     * What a worker returns.
     *
     * @param update of the tuned weights
     * @param moved statistics as its batches left them
     */
    public LocalUpdate returned(LocalUpdate update, float[] moved) {
        OptimizerState moments = update.moments();
        float[] still = new float[moved.length];
        return new LocalUpdate(
                join(update.values(), moved),
                moments.isNone()
                        ? moments
                        : new OptimizerState(join(moments.first(), still), join(moments.second(), still)),
                update.tally());
    }

    private static float[] join(float[] first, float[] last) {
        float[] joined = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, joined, first.length, last.length);
        return joined;
    }
}

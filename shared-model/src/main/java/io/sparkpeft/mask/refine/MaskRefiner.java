package io.sparkpeft.mask.refine;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;

/**
 * Exchanges some of the tuned BODY weights for others while tuning goes on; the number tuned stays the same. Stateless;
 * found through {@link java.util.ServiceLoader}.
 */
public interface MaskRefiner extends Named {
    /**
     * Chooses the weights to give up.
     *
     * @param tuned the update mask
     * @param change of every tuned weight since the start of the phase, in mask order
     * @param candidates weights that may be tuned, tuned ones included
     * @param share of the tuned BODY weights to exchange, 0 to 1; fewer where there are fewer candidates
     */
    MaskExchange start(MaskIndex tuned, float[] change, ParameterMask candidates, double share);

    static MaskRefiner named(String name) {
        return Services.find(MaskRefiner.class, "mask refiner", name);
    }
}

package io.sparkpeft.optim;

import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;

/**
 * One update of the k-vector from its gradient. Since the vector holds the tuned weights only, nothing here, decay
 * included, can touch a weight outside the mask. Stateless; found through {@link java.util.ServiceLoader}.
 */
public interface Optimizer extends Named {
    /** Whether {@link #step} reads and writes moments. */
    boolean usesMoments();

    /**
     * Updates values and moments in place.
     *
     * @param values the tuned weights, [k]
     * @param gradient of the mean loss by each, [k]
     * @param state moments, [k] each; not touched unless {@link #usesMoments}
     * @param rate learning rate of this step
     * @param count number of this update since the moments were 0, from 1 on
     */
    void step(
            float[] values,
            float[] gradient,
            OptimizerState state,
            OptimizerSettings settings,
            double rate,
            long count);

    /**
     * The same on vectors in the memory of a backend. By default they are brought here and put back; an optimiser that
     * the backend has a kernel for leaves them where they are.
     */
    default void step(MaskVectors vectors, StepVectors state, OptimizerSettings settings, double rate, long count) {
        float[] values = vectors.array(state.values());
        OptimizerState moments = usesMoments()
                ? new OptimizerState(vectors.array(state.first()), vectors.array(state.second()))
                : OptimizerState.none();
        step(values, vectors.array(state.gradient()), moments, settings, rate, count);
        vectors.write(values, state.values());
        if (usesMoments()) {
            vectors.write(moments.first(), state.first());
            vectors.write(moments.second(), state.second());
        }
    }

    /** The optimiser that the settings name. */
    static Optimizer of(OptimizerSettings settings) {
        return Services.find(Optimizer.class, "optimiser", settings.name());
    }
}

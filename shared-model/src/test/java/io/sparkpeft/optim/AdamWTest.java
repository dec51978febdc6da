package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdamWTest {
    /**
     * The recursion of the paper in double: three updates of one weight from 1.0 with gradients 0.5, −0.25, 2.0, rate
     * 0.1, decay 0.01.
     */
    @Test
    void followsTheRecursionOfThePaper() {
        double[] gradients = {0.5, -0.25, 2.0};
        double weight = 1;
        double m = 0;
        double v = 0;
        float[] values = {1};
        OptimizerState state = OptimizerState.zeros(1);
        OptimizerSettings settings = new OptimizerSettings("adamw", 0.9, 0.999, 1e-8, 0.01);
        for (int t = 1; t <= 3; t++) {
            double g = gradients[t - 1];
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            double corrected = m / (1 - Math.pow(0.9, t));
            double scale = Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8;
            weight = weight - 0.1 * 0.01 * weight - 0.1 * corrected / scale;
            new AdamW().step(values, new float[] {(float) g}, state, settings, 0.1, t);
            assertThat((double) values[0]).isCloseTo(weight, within(1e-6));
        }
    }

    @Test
    void theFirstStepHasTheLengthOfTheRateWhateverTheGradient() {
        for (float g : new float[] {1e-3f, 1, 1e6f}) {
            float[] values = {0};
            new AdamW().step(values, new float[] {g}, OptimizerState.zeros(1), OptimizerSettings.adamW(), 0.1, 1);
            assertThat(values[0]).isCloseTo(-0.1f, within(1e-5f));
        }
    }
}

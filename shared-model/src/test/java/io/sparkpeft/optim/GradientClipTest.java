package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.HeapVectors;
import io.sparkpeft.compute.MaskVectors;
import io.sparkpeft.compute.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

class GradientClipTest {
    private static final MaskVectors VECTORS = new HeapVectors(new ReferenceBackend());

    @Test
    void cutsALongGradientToTheLimitAndKeepsItsDirection() {
        float[] gradient = {3, -4};
        GradientClip.clip(VECTORS, VECTORS.view(gradient), norm(gradient), 1);
        assertThat(norm(gradient)).isCloseTo(1, within(1e-5));
        assertThat(gradient[0] / gradient[1]).isCloseTo(-0.75f, within(1e-6f));
    }

    @Test
    void leavesAShortGradientBitIdentical() {
        float[] gradient = {0.3f, -0.4f};
        GradientClip.clip(VECTORS, VECTORS.view(gradient), norm(gradient), 1);
        assertThat(gradient).containsExactly(0.3f, -0.4f);
    }

    @Test
    void limitZeroMeansNone() {
        float[] gradient = {300, 400};
        GradientClip.clip(VECTORS, VECTORS.view(gradient), norm(gradient), 0);
        assertThat(gradient).containsExactly(300, 400);
    }

    private static double norm(float[] gradient) {
        return Math.hypot(gradient[0], gradient[1]);
    }
}

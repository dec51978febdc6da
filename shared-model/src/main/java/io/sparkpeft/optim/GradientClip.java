package io.sparkpeft.optim;

/**
 * Clipping by global norm: where ‖g‖₂ exceeds the limit c, g ← g·c/(‖g‖₂ + 1e-6), as {@code clip_grad_norm_} of PyTorch
 * does. Pascanu, Mikolov and Bengio 2013, arXiv 1211.5063.
 */
public final class GradientClip {
    private static final double GUARD = 1e-6;
    /** Entries of a piece: a loop that is entered often is compiled better than one that runs long. */
    private static final int PIECE = 1 << 14;

    private GradientClip() {}

    /**
     * The Euclidean norm, summed in double: piece by piece, in each piece every fourth entry by itself, so that an addition
     * need not wait for the one before. Not finite where an entry is not.
     */
    public static double norm(float[] gradient) {
        double sum = 0;
        for (int from = 0; from < gradient.length; from += PIECE) {
            sum += squares(gradient, from, Math.min(gradient.length, from + PIECE));
        }
        return Math.sqrt(sum);
    }

    private static double squares(float[] gradient, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            s0 += square(gradient[i]);
            s1 += square(gradient[i + 1]);
            s2 += square(gradient[i + 2]);
            s3 += square(gradient[i + 3]);
        }
        for (; i < to; i++) {
            s0 += square(gradient[i]);
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double square(double g) {
        return g * g;
    }

    /**
     * Scales the gradient in place where its norm exceeds the limit.
     *
     * @param norm what {@link #norm} says of it
     * @param limit largest norm allowed; 0 for none
     */
    public static void clip(float[] gradient, double norm, double limit) {
        if (limit <= 0 || norm + GUARD <= limit) {
            return;
        }
        float factor = (float) (limit / (norm + GUARD));
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= factor;
        }
    }
}

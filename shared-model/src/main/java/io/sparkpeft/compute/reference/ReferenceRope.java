package io.sparkpeft.compute.reference;

/** Rotary position embedding (Su et al. 2021, arXiv 2104.09864) in the rotate-half layout. */
final class ReferenceRope {
    private ReferenceRope() {}

    static void rotate(ReferenceTensor target, int[] positions, int headSize, double theta, boolean inverse) {
        int half = headSize / 2;
        for (int r = 0; r < target.rows(); r++) {
            for (int i = 0; i < half; i++) {
                double angle = positions[r] * Math.pow(theta, -2.0 * i / headSize);
                double sine = inverse ? -Math.sin(angle) : Math.sin(angle);
                double cosine = Math.cos(angle);
                for (int first = i; first < target.columns(); first += headSize) {
                    double x = target.get(r, first);
                    double y = target.get(r, first + half);
                    target.set(r, first, x * cosine - y * sine);
                    target.set(r, first + half, y * cosine + x * sine);
                }
            }
        }
    }
}

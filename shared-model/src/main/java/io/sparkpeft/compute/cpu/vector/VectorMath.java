package io.sparkpeft.compute.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions on vectors, within a few units of the last place of float. Not {@code VectorOperators.EXP} and its like,
 * whose bits and speed depend on the JDK.
 */
final class VectorMath {
    private static final float LOG2_E = 1.44269504088896341f;
    /** ln 2 in two parts, the first with trailing zeros, so that n times it is exact (Cody and Waite). */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** Added to a float, leaves its integer part in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final float SMALLEST_EXPONENT = -87.33654f;
    private static final float LARGEST_TANH = 7.90531110763549805f;

    private VectorMath() {}

    /**
     * eˣ for x ≤ 88 as 2ⁿ·eʳ, |r| ≤ ½ln 2, with the polynomial of Cephes' expf; 0 where it would be subnormal.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(Lanes.broadcast(LOG2_E), Lanes.broadcast(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(Lanes.broadcast(-LN2_HIGH), x);
        r = n.fma(Lanes.broadcast(-LN2_LOW), r);
        FloatVector p = r.fma(Lanes.broadcast(1.9875691500e-4f), Lanes.broadcast(1.3981999507e-3f));
        p = p.fma(r, Lanes.broadcast(8.3334519073e-3f));
        p = p.fma(r, Lanes.broadcast(4.1665795894e-2f));
        p = p.fma(r, Lanes.broadcast(1.6666665459e-1f));
        p = p.fma(r, Lanes.broadcast(5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        FloatVector power = shifted.reinterpretAsInts()
                .add(127)
                .lanewise(VectorOperators.LSHL, 23)
                .reinterpretAsFloats();
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, SMALLEST_EXPONENT);
        return p.mul(power).blend(Lanes.zero(), tiny);
    }

    /** 1/(1 + e^(−x)), without overflow on either side. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        FloatVector inverse = Lanes.broadcast(1f).div(e.add(1f));
        return inverse.blend(e.mul(inverse), x.compare(VectorOperators.LT, 0f));
    }

    /** The hyperbolic tangent as a rational function (13 over 6), as in Eigen's ptanh. */
    static FloatVector tanh(FloatVector input) {
        FloatVector x = input.min(LARGEST_TANH).max(-LARGEST_TANH);
        FloatVector s = x.mul(x);
        FloatVector p = s.fma(Lanes.broadcast(-2.76076847742355e-16f), Lanes.broadcast(2.00018790482477e-13f));
        p = p.fma(s, Lanes.broadcast(-8.60467152213735e-11f));
        p = p.fma(s, Lanes.broadcast(5.12229709037114e-08f));
        p = p.fma(s, Lanes.broadcast(1.48572235717979e-05f));
        p = p.fma(s, Lanes.broadcast(6.37261928875436e-04f));
        p = p.fma(s, Lanes.broadcast(4.89352455891786e-03f));
        FloatVector q = s.fma(Lanes.broadcast(1.19825839466702e-06f), Lanes.broadcast(1.18534705686654e-04f));
        q = q.fma(s, Lanes.broadcast(2.26843463243900e-03f));
        q = q.fma(s, Lanes.broadcast(4.89352518554385e-03f));
        return p.mul(x).div(q);
    }

    /**
     * Φ(−x) for x ≥ 0, given e^(−x²/2): that times a polynomial in t = 1/(1 + 0.35x), the form of Abramowitz and Stegun
     * 26.2.17 with coefficients fitted to the relative error, which is below 4e−7 in all of the tail.
     */
    static FloatVector normalTail(FloatVector x, FloatVector exponential) {
        FloatVector t = Lanes.broadcast(1f).div(x.fma(Lanes.broadcast(0.35f), Lanes.broadcast(1f)));
        FloatVector p = t.fma(Lanes.broadcast(-0.029115119948983192f), Lanes.broadcast(0.1438189148902893f));
        p = p.fma(t, Lanes.broadcast(-0.2553919851779938f));
        p = p.fma(t, Lanes.broadcast(0.15879763662815094f));
        p = p.fma(t, Lanes.broadcast(-0.022844132035970688f));
        p = p.fma(t, Lanes.broadcast(0.10539242625236511f));
        p = p.fma(t, Lanes.broadcast(0.11986302584409714f));
        p = p.fma(t, Lanes.broadcast(0.13985757529735565f));
        p = p.fma(t, Lanes.broadcast(0.13962166011333466f));
        return p.mul(t).mul(exponential);
    }
}

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
    /** Added to a float, leaves its integer part plus 127, the bias of the exponent, in the low bits. */
    private static final float ROUNDER = 12582912f + 127f;

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
        VectorMask<Float> tiny = x.compare(VectorOperators.LT, SMALLEST_EXPONENT);
        return p.mul(powerOfTwo(shifted)).blend(Lanes.zero(), tiny);
    }

    /** 2ⁿ, where n lies in the low bits as {@link #ROUNDER} leaves it. */
    private static FloatVector powerOfTwo(FloatVector shifted) {
        return shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /**
     * e^(−x²/2), as 2 to the power of −x²/(2 ln 2); 0 where it would be subnormal. Fewer constants than {@link #exp}, so
     * that what is computed with it still fits the registers; the relative error grows with x², to 5e−6 at the end.
     */
    static FloatVector bell(FloatVector x) {
        FloatVector y = x.mul(x).mul(-0.72134752f);
        FloatVector shifted = y.add(ROUNDER);
        FloatVector r = y.sub(shifted.sub(ROUNDER));
        FloatVector p = r.fma(Lanes.broadcast(1.3264724984765053e-3f), Lanes.broadcast(9.671512991189957e-3f));
        p = p.fma(r, Lanes.broadcast(5.550733581185341e-2f));
        p = p.fma(r, Lanes.broadcast(2.4022242426872253e-1f));
        p = p.fma(r, Lanes.broadcast(6.931470036506653e-1f));
        p = p.fma(r, Lanes.broadcast(1f));
        return p.mul(powerOfTwo(shifted)).blend(Lanes.zero(), y.compare(VectorOperators.LT, -126f));
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
     * Φ(−x)/e^(−x²/2) for x ≥ 0 as a polynomial in t = 1/(1 + 0.2316419x), the form of Abramowitz and Stegun 26.2.17
     * with coefficients fitted to the relative error, which is below 5e−7 everywhere.
     */
    static FloatVector tailOverBell(FloatVector x) {
        FloatVector one = Lanes.broadcast(1f);
        FloatVector t = one.div(x.fma(Lanes.broadcast(0.2316419f), one));
        FloatVector p = t.fma(Lanes.broadcast(-0.07092945277690887f), Lanes.broadcast(0.249862939119339f));
        p = p.fma(t, Lanes.broadcast(-0.2055615931749344f));
        p = p.fma(t, Lanes.broadcast(0.22901824116706848f));
        p = p.fma(t, Lanes.broadcast(0.011443836614489555f));
        p = p.fma(t, Lanes.broadcast(0.10333385318517685f));
        p = p.fma(t, Lanes.broadcast(0.09030146896839142f));
        p = p.fma(t, Lanes.broadcast(0.0925307422876358f));
        return p.mul(t);
    }
}

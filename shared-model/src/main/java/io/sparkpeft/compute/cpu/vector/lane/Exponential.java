package io.sparkpeft.compute.cpu.vector.lane;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential function on vectors, within a few units of the last place. Not {@code VectorOperators.EXP}, whose bits
 * and speed depend on the JDK. Constants that are broadcast here stay in registers over a loop, but cost the JIT
 * compiler many nodes, and beyond a limit it stops inlining; so those of the functions around it are ready vectors.
 */
public final class Exponential {
    private static final FloatVector ONE = Lanes.broadcast(1f);
    private static final float LOG2_E = 1.44269504088896341f;
    /** −ln 2 in two parts, the first with trailing zeros, so that n times it is exact (Cody and Waite). */
    private static final float MINUS_LN2_HIGH = -0.693359375f;

    private static final float MINUS_LN2_LOW = 2.12194440e-4f;
    /** Added to a float, leaves its integer part plus 127, the bias of the exponent, in the low bits. */
    private static final float ROUNDER = 12582912f + 127f;

    private static final float SMALLEST = -87.33654f;
    private static final float E2 = 5.0000001201e-1f;
    private static final float E3 = 1.6666665459e-1f;
    private static final float E4 = 4.1665795894e-2f;
    private static final float E5 = 8.3334519073e-3f;
    private static final float E6 = 1.3981999507e-3f;
    private static final float E7 = 1.9875691500e-4f;

    private static final float MINUS_HALF_LOG2_E = -0.72134752f;
    private static final FloatVector SMALLEST_POWER = Lanes.broadcast(-125f);
    private static final FloatVector B1 = Lanes.broadcast(6.931470036506653e-1f);
    private static final FloatVector B2 = Lanes.broadcast(2.4022242426872253e-1f);
    private static final FloatVector B3 = Lanes.broadcast(5.550733581185341e-2f);
    private static final FloatVector B4 = Lanes.broadcast(9.671512991189957e-3f);
    private static final FloatVector B5 = Lanes.broadcast(1.3264724984765053e-3f);

    private Exponential() {}

    /** eˣ for x ≤ 88 as 2ⁿ·eʳ, |r| ≤ ½ln 2, with the polynomial of Cephes' expf; 0 where it would be subnormal. */
    public static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(Lanes.broadcast(LOG2_E), Lanes.broadcast(ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(Lanes.broadcast(MINUS_LN2_LOW), n.fma(Lanes.broadcast(MINUS_LN2_HIGH), x));
        FloatVector p = r.fma(Lanes.broadcast(E7), Lanes.broadcast(E6))
                .fma(r, Lanes.broadcast(E5))
                .fma(r, Lanes.broadcast(E4))
                .fma(r, Lanes.broadcast(E3))
                .fma(r, Lanes.broadcast(E2));
        p = p.fma(r.mul(r), r).add(ONE);
        return p.mul(powerOfTwo(shifted)).blend(Lanes.ZERO, x.compare(VectorOperators.LT, SMALLEST));
    }

    /**
     * e^(−x²/2), as 2 to the power of −x²/(2 ln 2), and 2^−125 where it would be less. Fewer constants than {@link #exp}
     * and no mask, so that what is computed with it is compiled whole; the relative error grows with x², to 5e−6 at the
     * end.
     */
    public static FloatVector bell(FloatVector x) {
        FloatVector y = x.mul(x).mul(MINUS_HALF_LOG2_E).max(SMALLEST_POWER);
        FloatVector shifted = y.add(ROUNDER);
        FloatVector r = y.sub(shifted.sub(ROUNDER));
        FloatVector p = r.fma(B5, B4).fma(r, B3).fma(r, B2).fma(r, B1).fma(r, ONE);
        return p.mul(powerOfTwo(shifted));
    }

    /** 1/(1 + e^(−x)), without overflow on either side. */
    public static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        FloatVector inverse = ONE.div(e.add(ONE));
        return inverse.blend(e.mul(inverse), x.compare(VectorOperators.LT, Lanes.ZERO));
    }

    /** σ(x) + factor·σ(x)(1 − σ(x)), where 1 − σ is never a difference. */
    public static FloatVector sigmoidPlus(FloatVector x, FloatVector factor) {
        FloatVector e = exp(x.abs().neg());
        FloatVector inverse = ONE.div(e.add(ONE));
        FloatVector smaller = e.mul(inverse);
        FloatVector sigmoid = inverse.blend(smaller, x.compare(VectorOperators.LT, Lanes.ZERO));
        return smaller.mul(inverse).fma(factor, sigmoid);
    }

    /** 2ⁿ, where n lies in the low bits as {@link #ROUNDER} leaves it. */
    private static FloatVector powerOfTwo(FloatVector shifted) {
        return shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }
}

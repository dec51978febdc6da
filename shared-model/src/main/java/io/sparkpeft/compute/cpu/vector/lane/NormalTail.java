package io.sparkpeft.compute.cpu.vector.lane;

import jdk.incubator.vector.FloatVector;

/** The tail of the normal distribution on vectors. */
public final class NormalTail {
    private static final FloatVector ONE = Lanes.broadcast(1f);
    private static final FloatVector RATE = Lanes.broadcast(0.2316419f);
    private static final FloatVector T0 = Lanes.broadcast(0.0925307422876358f);
    private static final FloatVector T1 = Lanes.broadcast(0.09030146896839142f);
    private static final FloatVector T2 = Lanes.broadcast(0.10333385318517685f);
    private static final FloatVector T3 = Lanes.broadcast(0.011443836614489555f);
    private static final FloatVector T4 = Lanes.broadcast(0.22901824116706848f);
    private static final FloatVector T5 = Lanes.broadcast(-0.2055615931749344f);
    private static final FloatVector T6 = Lanes.broadcast(0.249862939119339f);
    private static final FloatVector T7 = Lanes.broadcast(-0.07092945277690887f);

    private NormalTail() {}

    /**
     * Φ(−x)/e^(−x²/2) for x ≥ 0 as a polynomial in t = 1/(1 + 0.2316419x), the form of Abramowitz and Stegun 26.2.17
     * with coefficients fitted to the relative error, which is below 5e−7 everywhere.
     */
    public static FloatVector overBell(FloatVector x) {
        FloatVector t = ONE.div(x.fma(RATE, ONE));
        FloatVector p = t.fma(T7, T6)
                .fma(t, T5)
                .fma(t, T4)
                .fma(t, T3)
                .fma(t, T2)
                .fma(t, T1)
                .fma(t, T0);
        return p.mul(t);
    }
}

package io.sparkpeft.compute.cpu.vector.lane;

import jdk.incubator.vector.FloatVector;

/** The hyperbolic tangent on vectors as a rational function (13 over 6), as in Eigen's ptanh. */
public final class HyperbolicTangent {
    private static final FloatVector LARGEST = Lanes.broadcast(7.90531110763549805f);
    private static final FloatVector SMALLEST = Lanes.broadcast(-7.90531110763549805f);
    private static final FloatVector P1 = Lanes.broadcast(4.89352455891786e-03f);
    private static final FloatVector P3 = Lanes.broadcast(6.37261928875436e-04f);
    private static final FloatVector P5 = Lanes.broadcast(1.48572235717979e-05f);
    private static final FloatVector P7 = Lanes.broadcast(5.12229709037114e-08f);
    private static final FloatVector P9 = Lanes.broadcast(-8.60467152213735e-11f);
    private static final FloatVector P11 = Lanes.broadcast(2.00018790482477e-13f);
    private static final FloatVector P13 = Lanes.broadcast(-2.76076847742355e-16f);
    private static final FloatVector Q0 = Lanes.broadcast(4.89352518554385e-03f);
    private static final FloatVector Q2 = Lanes.broadcast(2.26843463243900e-03f);
    private static final FloatVector Q4 = Lanes.broadcast(1.18534705686654e-04f);
    private static final FloatVector Q6 = Lanes.broadcast(1.19825839466702e-06f);

    private HyperbolicTangent() {}

    public static FloatVector tanh(FloatVector input) {
        FloatVector x = input.min(LARGEST).max(SMALLEST);
        FloatVector s = x.mul(x);
        FloatVector p =
                s.fma(P13, P11).fma(s, P9).fma(s, P7).fma(s, P5).fma(s, P3).fma(s, P1);
        FloatVector q = s.fma(Q6, Q4).fma(s, Q2).fma(s, Q0);
        return p.mul(x).div(q);
    }
}

package io.sparkpeft.compute.cpu.vector.activation;

import io.sparkpeft.compute.cpu.vector.lane.Exponential;
import io.sparkpeft.compute.cpu.vector.lane.HyperbolicTangent;
import io.sparkpeft.compute.cpu.vector.lane.Lanes;
import io.sparkpeft.compute.cpu.vector.lane.NormalTail;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The non-linearities and their derivatives on a vector, in forms that lose no digits in the tails. */
final class VectorFunctions {
    private static final float ROOT = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBE = 0.044715f;

    private static final FloatVector ONE = Lanes.broadcast(1f);
    private static final FloatVector TWO = Lanes.broadcast(2f);
    private static final FloatVector MINUS_TWO = Lanes.broadcast(-2f);
    private static final FloatVector MINUS_DENSITY_AT_ZERO = Lanes.broadcast(-0.3989422804014327f);
    private static final FloatVector INNER1 = Lanes.broadcast(2 * ROOT);
    private static final FloatVector INNER3 = Lanes.broadcast(2 * ROOT * CUBE);
    private static final FloatVector SLOPE2 = Lanes.broadcast(6 * ROOT * CUBE);

    private VectorFunctions() {}

    /** x·Φ(x), which is max(x, 0) − |x|·Φ(−|x|). */
    static FloatVector gelu(FloatVector x) {
        FloatVector size = x.abs();
        return x.max(Lanes.ZERO)
                .sub(NormalTail.overBell(size).mul(Exponential.bell(x)).mul(size));
    }

    /** f'(x) of {@link #gelu}: Φ(x) + x·φ(x), which is w = e^(−x²/2)(Φ(−|x|)/e^(−x²/2) − |x|/√(2π)) or 1 − w. */
    static FloatVector geluDerivative(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector w = bellSlope(size, NormalTail.overBell(size)).mul(Exponential.bell(x));
        return ONE.sub(w).blend(w, x.compare(VectorOperators.LT, Lanes.ZERO));
    }

    /** Φ(−|x|)/e^(−x²/2) − |x|/√(2π). */
    static FloatVector bellSlope(FloatVector size, FloatVector tailOverBell) {
        return size.fma(MINUS_DENSITY_AT_ZERO, tailOverBell);
    }

    /** 2u of {@link #geluTanh}. */
    static FloatVector geluTanhArgument(FloatVector x, FloatVector square) {
        return square.fma(INNER3, INNER1).mul(x);
    }

    /** x·2u' of {@link #geluTanh}. */
    static FloatVector geluTanhSlope(FloatVector x, FloatVector square) {
        return square.fma(SLOPE2, INNER1).mul(x);
    }

    /** ½x(1 + tanh u), u = √(2/π)(x + 0.044715x³), which is x·σ(2u). */
    static FloatVector geluTanh(FloatVector x) {
        return x.mul(Exponential.sigmoid(geluTanhArgument(x, x.mul(x))));
    }

    /** f'(x) of {@link #geluTanh}: σ(2u) + x·2u'·σ(2u)(1 − σ(2u)). */
    static FloatVector geluTanhDerivative(FloatVector x) {
        FloatVector square = x.mul(x);
        return Exponential.sigmoidPlus(geluTanhArgument(x, square), geluTanhSlope(x, square));
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(Exponential.sigmoid(x));
    }

    /** f'(x) of {@link #silu}: σ(x) + x·σ(x)(1 − σ(x)). */
    static FloatVector siluDerivative(FloatVector x) {
        return Exponential.sigmoidPlus(x, x);
    }

    static FloatVector relu(FloatVector x) {
        return x.max(Lanes.ZERO);
    }

    static FloatVector reluDerivative(FloatVector x) {
        return Lanes.ZERO.blend(ONE, x.compare(VectorOperators.GT, Lanes.ZERO));
    }

    static FloatVector tanh(FloatVector x) {
        return HyperbolicTangent.tanh(x);
    }

    /** 1 − tanh²x = 4e/(1 + e)², e = e^(−2|x|). */
    static FloatVector tanhDerivative(FloatVector x) {
        FloatVector e = Exponential.exp(x.abs().mul(MINUS_TWO));
        FloatVector inverse = TWO.div(e.add(ONE));
        return e.mul(inverse).mul(inverse);
    }
}

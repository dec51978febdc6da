package io.sparkpeft.compute.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The non-linearities and their derivatives on a vector, in forms that lose no digits in the tails. */
final class VectorFunctions {
    private static final float TANH_SCALE = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBE = 0.044715f;

    private VectorFunctions() {}

    /** x·Φ(x). */
    static FloatVector gelu(FloatVector x) {
        FloatVector tail =
                VectorMath.tailOverBell(x.abs()).mul(VectorMath.bell(x)).mul(x);
        return x.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }

    /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))), ½(1 + tanh u) being σ(2u). */
    static FloatVector geluTanh(FloatVector x) {
        return x.mul(geluTanhGate(x));
    }

    private static FloatVector geluTanhGate(FloatVector x) {
        return VectorMath.sigmoid(geluTanhInner(x));
    }

    /** 2u. */
    private static FloatVector geluTanhInner(FloatVector x) {
        return x.mul(x)
                .fma(Lanes.broadcast(2 * TANH_SCALE * CUBE), Lanes.broadcast(2 * TANH_SCALE))
                .mul(x);
    }

    static FloatVector silu(FloatVector x) {
        return x.mul(VectorMath.sigmoid(x));
    }

    /** f'(x) of {@link #geluTanh}: σ(2u) + x·2u'·σ(2u)(1 − σ(2u)). */
    static FloatVector geluTanhDerivative(FloatVector x) {
        FloatVector slope = x.mul(x).fma(Lanes.broadcast(6 * TANH_SCALE * CUBE), Lanes.broadcast(2 * TANH_SCALE));
        return sigmoidPlus(geluTanhInner(x), slope.mul(x));
    }

    /** f'(x) of {@link #gelu}: Φ(x) + x·φ(x), which is w = e^(−x²/2)(Φ(−|x|)/e^(−x²/2) − |x|/√(2π)) or 1 − w. */
    static FloatVector geluDerivative(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector w = size.fma(Lanes.broadcast(-0.3989422804014327f), VectorMath.tailOverBell(size))
                .mul(VectorMath.bell(x));
        return Lanes.broadcast(1f).sub(w).blend(w, x.compare(VectorOperators.LT, 0f));
    }

    /** f'(x) of {@link #silu}: σ(x) + x·σ(x)(1 − σ(x)). */
    static FloatVector siluDerivative(FloatVector x) {
        return sigmoidPlus(x, x);
    }

    /** σ(z) + factor·σ(z)(1 − σ(z)), where 1 − σ is never a difference. */
    private static FloatVector sigmoidPlus(FloatVector z, FloatVector factor) {
        FloatVector e = VectorMath.exp(z.abs().neg());
        FloatVector inverse = Lanes.broadcast(1f).div(e.add(1f));
        FloatVector smaller = e.mul(inverse);
        FloatVector sigmoid = inverse.blend(smaller, z.compare(VectorOperators.LT, 0f));
        return smaller.mul(inverse).fma(factor, sigmoid);
    }

    static FloatVector relu(FloatVector x) {
        return x.max(0f);
    }

    static FloatVector tanh(FloatVector x) {
        return VectorMath.tanh(x);
    }

    static FloatVector reluDerivative(FloatVector x) {
        return Lanes.zero().blend(1f, x.compare(VectorOperators.GT, 0f));
    }

    /** 1 − tanh²x = 4e/(1 + e)², e = e^(−2|x|). */
    static FloatVector tanhDerivative(FloatVector x) {
        FloatVector e = VectorMath.exp(x.abs().mul(-2f));
        FloatVector inverse = Lanes.broadcast(2f).div(e.add(1f));
        return e.mul(inverse).mul(inverse);
    }
}

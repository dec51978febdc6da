package io.sparkpeft.compute.cpu.vector;

import io.sparkpeft.compute.cpu.kernel.Memory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The non-linearities over n consecutive floats. Every loop is written out, one for each function: a loop shared by
 * several functions would call them through a pointer, and vectors would be boxed.
 */
final class VectorActivations {
    private static final float TANH_SCALE = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBE = 0.044715f;

    private VectorActivations() {}

    static void gelu(Memory input, int from, Memory output, int to, int n) {
        int i = 0;
        for (; i < Lanes.bound(n); i += Lanes.COUNT) {
            Lanes.store(gelu(Lanes.load(input, from + i)), output, to + i);
        }
        if (i < n) {
            Lanes.storeFirst(gelu(Lanes.load(input, from + i)), n - i, output, to + i);
        }
    }

    static void geluTanh(Memory input, int from, Memory output, int to, int n) {
        int i = 0;
        for (; i < Lanes.bound(n); i += Lanes.COUNT) {
            Lanes.store(geluTanh(Lanes.load(input, from + i)), output, to + i);
        }
        if (i < n) {
            Lanes.storeFirst(geluTanh(Lanes.load(input, from + i)), n - i, output, to + i);
        }
    }

    static void silu(Memory input, int from, Memory output, int to, int n) {
        int i = 0;
        for (; i < Lanes.bound(n); i += Lanes.COUNT) {
            Lanes.store(silu(Lanes.load(input, from + i)), output, to + i);
        }
        if (i < n) {
            Lanes.storeFirst(silu(Lanes.load(input, from + i)), n - i, output, to + i);
        }
    }

    static void relu(Memory input, int from, Memory output, int to, int n) {
        int i = 0;
        for (; i < Lanes.bound(n); i += Lanes.COUNT) {
            Lanes.store(Lanes.load(input, from + i).max(0f), output, to + i);
        }
        if (i < n) {
            Lanes.storeFirst(Lanes.load(input, from + i).max(0f), n - i, output, to + i);
        }
    }

    static void tanh(Memory input, int from, Memory output, int to, int n) {
        int i = 0;
        for (; i < Lanes.bound(n); i += Lanes.COUNT) {
            Lanes.store(VectorMath.tanh(Lanes.load(input, from + i)), output, to + i);
        }
        if (i < n) {
            Lanes.storeFirst(VectorMath.tanh(Lanes.load(input, from + i)), n - i, output, to + i);
        }
    }

    /** x·Φ(x). */
    static FloatVector gelu(FloatVector x) {
        FloatVector tail = x.mul(VectorMath.normalTail(x.abs(), bell(x)));
        return x.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }

    /** e^(−x²/2). */
    private static FloatVector bell(FloatVector x) {
        return VectorMath.exp(x.mul(x).mul(-0.5f));
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

    /** f'(x) of {@link #gelu}: Φ(x) + x·φ(x). */
    static FloatVector geluDerivative(FloatVector x) {
        FloatVector bell = bell(x);
        FloatVector tail = VectorMath.normalTail(x.abs(), bell);
        FloatVector normal = Lanes.broadcast(1f).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
        return x.fma(bell.mul(0.3989422804014327f), normal);
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

// The non-linearities and their derivatives. Sums of products are written as the fused operations that they shall be, so
// that value and derivative have the same bits in every kernel that computes them.

enum Activation { GELU, GELU_TANH, SILU, RELU, TANH };

struct ValueAndDerivative {
    float value, derivative;
};

// σ(x) and 1 − σ(x), both to the last bits, and finite numbers for every x. Beyond ±87 the smaller is about 1e-38.
struct Logistic {
    float value, rest;
};

__device__ inline Logistic logistic(float x) {
    float e = expf(fminf(-x, 87.0f));
    float value = 1.0f / (1.0f + e);
    return {value, __fmul_rn(e, value)};
}

// x·Φ(x); the derivative is Φ(x) + x·φ(x).
__device__ inline ValueAndDerivative gelu(float x) {
    float distribution = fmaf(0.5f, erff(x * 0.70710678f), 0.5f);
    float density = 0.39894228f * expf(-0.5f * x * x);
    return {__fmul_rn(x, distribution), fmaf(x, density, distribution)};
}

// ½x(1 + tanh u) = x·σ(2u), u = √(2/π)(x + 0.044715x³); the derivative is σ(2u) + x·σ(2u)(1 − σ(2u))·2u'.
__device__ inline ValueAndDerivative gelu_tanh(float x) {
    float square = __fmul_rn(x, x);
    Logistic s = logistic(__fmul_rn(1.5957691f * x, fmaf(0.044715f, square, 1.0f)));
    float slope = __fmul_rn(1.5957691f * x, fmaf(0.134145f, square, 1.0f));
    return {__fmul_rn(x, s.value), fmaf(__fmul_rn(s.value, s.rest), slope, s.value)};
}

// x·σ(x); the derivative is σ(x)(1 + x(1 − σ(x))).
__device__ inline ValueAndDerivative silu(float x) {
    Logistic s = logistic(x);
    return {__fmul_rn(x, s.value), __fmul_rn(s.value, fmaf(x, s.rest, 1.0f))};
}

// A NaN stays one.
__device__ inline ValueAndDerivative relu(float x) {
    return {x < 0.0f ? 0.0f : x, x > 0.0f ? 1.0f : 0.0f};
}

__device__ inline ValueAndDerivative hyperbolic_tangent(float x) {
    float t = tanhf(x);
    return {t, fmaf(-t, t, 1.0f)};
}

// action(function) for the function of that kind, so that the choice is made once and not for every entry.
template <class Action>
__device__ void with_activation(int kind, Action action) {
    switch (kind) {
        case GELU: return action([](float x) { return gelu(x); });
        case GELU_TANH: return action([](float x) { return gelu_tanh(x); });
        case SILU: return action([](float x) { return silu(x); });
        case RELU: return action([](float x) { return relu(x); });
        case TANH: return action([](float x) { return hyperbolic_tangent(x); });
    }
}

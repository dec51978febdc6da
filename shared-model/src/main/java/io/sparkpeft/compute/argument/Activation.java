package io.sparkpeft.compute.argument;

/** Element-wise non-linearities. */
public enum Activation {
    /** x·Φ(x) with the error function; "gelu" in Hugging Face configurations. */
    GELU,
    /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))); "gelu_new", "gelu_pytorch_tanh". */
    GELU_TANH,
    /** x·σ(x); "silu", "swish". */
    SILU,
    /** max(0, x). */
    RELU,
    /** tanh x. */
    TANH
}

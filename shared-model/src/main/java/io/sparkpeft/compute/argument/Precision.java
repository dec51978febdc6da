package io.sparkpeft.compute.argument;

/** In what numbers the factors of large matrix products are taken; sums and everything else are float32. */
public enum Precision {
    /** As they are. */
    FLOAT32,
    /** Rounded to 10 bits after the point, inside the tensor cores. */
    TF32,
    /** Rounded to bfloat16, 7 bits after the point. */
    BF16
}

package io.sparkpeft.compute.argument;

/**
 * The numbers of one update of Adam (Kingma and Ba 2015, arXiv 1412.6980), which {@code io.sparkpeft.optim.AdamW} makes:
 *
 * <pre>
 *   m ← m·beta1 + rest1·g
 *   v ← v·beta2 + rest2·g·g
 *   θ ← θ·keep − stepSize·m/(√v/correction + epsilon)
 * </pre>
 *
 * each operation rounded to float32, from the left.
 */
public record AdamFactors(
        float keep,
        float beta1,
        float beta2,
        float rest1,
        float rest2,
        float stepSize,
        float correction,
        float epsilon) {}

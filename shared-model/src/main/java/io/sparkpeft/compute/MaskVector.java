package io.sparkpeft.compute;

/**
 * Numbers, one for each weight of a mask: tuned weights, their gradient or its moments. Opaque: it lies where the
 * {@link MaskVectors} that made it keep it.
 */
public interface MaskVector {
    int size();
}

package io.sparkpeft.delta;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a delta or mask file says of itself.
 *
 * @param layout fingerprint of the names and shapes of the model's tensors
 * @param base fingerprint of the weights that the delta belongs to; empty for a mask
 * @param mask fingerprint of the weights listed
 * @param count number of the weights listed
 * @param values how their values are stored
 * @param metadata anything else: density, metrics, fingerprint of the prune mask
 */
public record DeltaHeader(
        String layout, String base, String mask, long count, ValueType values, Map<String, String> metadata) {
    public DeltaHeader {
        metadata = new TreeMap<>(metadata);
    }
}

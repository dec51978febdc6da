package io.sparkpeft.delta;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.Parameters;
import java.util.Map;

/**
 * A tiny difference between two models: some weights with the values they have in the second. Values are absolute, so
 * applying gives the second model's very bits, and reverting puts the overwritten originals back instead of subtracting.
 *
 * @param header what it says of itself
 * @param index which weights
 * @param values absolute, in the order of the index; empty for a mask
 */
public record SparseDelta(DeltaHeader header, MaskIndex index, float[] values) {
    public SparseDelta {
        if (values.length != index.size() && header.values() != ValueType.NONE) {
            throw new IllegalArgumentException(
                    "Invalid delta: %d values for %d weights".formatted(values.length, index.size()));
        }
    }

    /**
     * @param baseFingerprint of the weights that the delta belongs to
     * @param type how a file stores the values; {@link ValueType#BF16} rounds them when written
     */
    public static SparseDelta of(
            String baseFingerprint, MaskIndex index, float[] values, ValueType type, Map<String, String> metadata) {
        DeltaHeader header = new DeltaHeader(
                index.layout().fingerprint(),
                baseFingerprint,
                index.mask().fingerprint(),
                index.size(),
                type,
                metadata);
        return new SparseDelta(header, index, values);
    }

    /**
     * Writes the values into a model in place.
     *
     * @return the values overwritten, for {@link #revert}
     */
    public float[] apply(Parameters parameters) {
        float[] originals = index.gather(parameters);
        index.scatter(values, parameters);
        return originals;
    }

    /** Puts the originals back, bit for bit. */
    public void revert(Parameters parameters, float[] originals) {
        index.scatter(originals, parameters);
    }

    /** @throws DeltaFormatException if the delta belongs to other weights than those of that fingerprint */
    public void requireBase(String fingerprint, String source) {
        if (!header.base().equals(fingerprint)) {
            throw new DeltaFormatException("Cannot apply %s: it belongs to the weights %.12s, these are %.12s"
                    .formatted(source, header.base(), fingerprint));
        }
    }
}

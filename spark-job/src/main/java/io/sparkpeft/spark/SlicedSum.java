package io.sparkpeft.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Adds long vectors of all shards without any machine holding one whole sum: every shard cuts its vector into slices, a
 * shuffle brings the slices of one number together, and they are added in shard order in double, so that the bits do not
 * depend on who finished first.
 */
public final class SlicedSum {
    private SlicedSum() {}

    /**
     * One shard's part of one slice.
     *
     * @param shard that it comes from
     * @param weight that it is multiplied by
     * @param values floats, little-endian
     */
    public record Part(int shard, double weight, byte[] values) implements Serializable {}

    /** Σ weight·values over the parts, in shard order. */
    public static double[] add(Iterable<Part> parts) {
        List<Part> ordered = new ArrayList<>();
        parts.forEach(ordered::add);
        ordered.sort(Comparator.comparingInt(Part::shard));
        double[] sum = new double[ordered.get(0).values().length / Float.BYTES];
        for (Part part : ordered) {
            FloatBuffer values = ByteBuffer.wrap(part.values())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part.weight() * values.get(i);
            }
        }
        return sum;
    }
}

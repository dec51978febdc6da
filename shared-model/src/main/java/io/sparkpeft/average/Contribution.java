package io.sparkpeft.average;

import java.nio.FloatBuffer;

/**
 * One shard's part in an average.
 *
 * @param shard number of the shard, which sets the order of summing
 * @param examples seen; a shard without any does not count
 * @param values what the shard made of the tuned weights, or of a range of them, from the buffer's start to its limit;
 *     the buffer may look into a message, which then need not be copied
 */
public record Contribution(int shard, long examples, FloatBuffer values) {
    public Contribution(int shard, long examples, float[] values) {
        this(shard, examples, FloatBuffer.wrap(values));
    }
}

package io.sparkpeft.average;

/**
 * One shard's part in an average.
 *
 * @param shard number of the shard, which sets the order of summing
 * @param examples seen; a shard without any does not count
 * @param values what the shard made of the tuned weights, or of a range of them
 */
public record Contribution(int shard, long examples, float[] values) {}

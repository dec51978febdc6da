package io.sparkpeft.datasets.shard;

/**
 * One row of a shard.
 *
 * @param ordinal place in the corpus
 * @param typeIds as long as {@code tokens}, or empty where all are 0
 * @param label class, −1 for none
 */
public record TokenExample(long ordinal, int[] tokens, int[] typeIds, int label) {}

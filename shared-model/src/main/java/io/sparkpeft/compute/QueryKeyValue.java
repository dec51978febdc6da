package io.sparkpeft.compute;

/**
 * The three inputs of attention, or their gradients; may be column views of one tensor.
 *
 * @param query [rows, heads·headSize]
 * @param key [rows, keyValueHeads·headSize]
 * @param value [rows, keyValueHeads·headSize]
 */
public record QueryKeyValue(Tensor query, Tensor key, Tensor value) {}

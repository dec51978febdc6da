package io.sparkpeft.compute.cuda.device;

/**
 * A matrix of a product in a device's memory, column after column.
 *
 * @param address of its first entry
 * @param leading entries from one column to the next
 * @param step entries from the matrix of one batch to that of the next
 */
public record Operand(long address, int leading, long step) {}

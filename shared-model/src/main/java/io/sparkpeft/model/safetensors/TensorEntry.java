package io.sparkpeft.model.safetensors;

import java.util.List;

/**
 * What the header of a safetensors file says of one tensor.
 *
 * @param name of the tensor
 * @param type of its elements
 * @param shape its dimensions; empty for a single number
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record TensorEntry(String name, DataType type, List<Long> shape, long begin, long end) {
    public TensorEntry {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long size() {
        return (end - begin) / type.bytes();
    }

    /** Whether the dimensions are exactly these. */
    public boolean hasShape(int[] dimensions) {
        if (shape.size() != dimensions.length) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (shape.get(i) != dimensions[i]) {
                return false;
            }
        }
        return true;
    }
}

package io.sparkpeft.model.architecture;

/**
 * One tensor's place in the network.
 *
 * @param part which it belongs to
 * @param layer number of the layer, 0 for parts outside the layers
 * @param bias whether it is the part's bias
 */
public record Slot(Part part, int layer, boolean bias) {
    public static Slot weight(Part part, int layer) {
        return new Slot(part, layer, false);
    }

    public static Slot bias(Part part, int layer) {
        return new Slot(part, layer, true);
    }
}

package io.sparkpeft.model.architecture;

import java.util.Map;

/**
 * What a family calls its tensors.
 *
 * @param prefix of all tensors of the body, such as "bert."
 * @param modules name of the module of every part that the family has, {@code %d} standing for the layer; tensors are
 *     called module.weight and module.bias
 * @param exceptions tensors that are called otherwise: what the rule above gives → their name
 */
public record TensorNames(String prefix, Map<Part, String> modules, Map<String, String> exceptions) {
    public TensorNames {
        modules = Map.copyOf(modules);
        exceptions = Map.copyOf(exceptions);
    }

    public boolean has(Part part) {
        return modules.containsKey(part);
    }

    /**
     * The name of a tensor.
     *
     * @throws IllegalArgumentException if the family has no such part
     */
    public String name(Slot slot) {
        String module = modules.get(slot.part());
        if (module == null) {
            throw new IllegalArgumentException("Cannot name %s: the family has no such part".formatted(slot));
        }
        String name = module.replace("%d", Integer.toString(slot.layer())) + (slot.bias() ? ".bias" : ".weight");
        return exceptions.getOrDefault(name, name);
    }

    public String weight(Part part) {
        return name(Slot.weight(part, 0));
    }
}

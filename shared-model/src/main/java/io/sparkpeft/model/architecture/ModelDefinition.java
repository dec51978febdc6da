package io.sparkpeft.model.architecture;

import io.sparkpeft.model.Objective;
import io.sparkpeft.param.ParameterLayout;
import java.util.List;
import java.util.OptionalInt;

/**
 * A model without its weights: what is computed, from which tensors, for which task.
 *
 * @param family it belongs to
 * @param config what tells it from others of its family
 * @param task what it is used for
 * @param layout its tensors, under the names that Hugging Face gives them, with the role each has in the task
 * @param slots place of every tensor of the layout in the network
 */
public record ModelDefinition(
        ModelFamily family, TransformerConfig config, TaskHead task, ParameterLayout layout, List<Slot> slots) {
    public ModelDefinition {
        slots = List.copyOf(slots);
        if (slots.size() != layout.count()) {
            throw new IllegalArgumentException(
                    "Invalid model definition: %d slots for %d tensors".formatted(slots.size(), layout.count()));
        }
    }

    /** Index in the layout of the tensor in a slot; none where the model has no such tensor. */
    public OptionalInt find(Slot slot) {
        int index = slots.indexOf(slot);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    public boolean has(Part part) {
        return find(Slot.weight(part, 0)).isPresent();
    }

    /** Whether the model has the head that it was pre-trained with. */
    public boolean hasLanguageHead() {
        return family.names().has(Part.LM_TRANSFORM)
                ? has(Part.LM_TRANSFORM)
                : config.weights().tiedEmbeddings() || has(Part.DECODER);
    }

    /** Number of classes of an objective: labels, or tokens of the vocabulary. */
    public int classes(Objective objective) {
        return objective.isLanguageModel()
                ? config.sizes().vocabulary()
                : task.labels().size();
    }
}

package io.sparkpeft.model.architecture;

import io.sparkpeft.model.Objective;
import java.util.HashSet;
import java.util.List;

/**
 * What a model is to be used for.
 *
 * @param objective of the task
 * @param labels names of the classes in the order of their numbers; none for a language model
 */
public record TaskHead(Objective objective, List<String> labels) {
    public TaskHead {
        labels = List.copyOf(labels);
        boolean classes = objective == Objective.SEQUENCE_CLASSIFICATION;
        if (classes ? labels.size() < 2 : !labels.isEmpty()) {
            throw new IllegalArgumentException("Invalid labels for %s: %s (%s)"
                    .formatted(objective, labels, classes ? "two or more are needed" : "it has none"));
        }
        if (new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("Invalid labels: %s (a name appears twice)".formatted(labels));
        }
    }
}

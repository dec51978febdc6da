package io.sparkpeft.score;

import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ModelFamilies;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.stage.data.ModelInputs;
import java.util.List;
import java.util.stream.StreamSupport;

/** The class names of a checkpoint, in the order in which its classifier scores them. */
final class ClassNames {
    private ClassNames() {}

    /**
     * Those of the checkpoint's {@code id2label} if it is a classifier, else the recipe's. Names that say nothing, as
     * Hugging Face makes them up ({@code LABEL_0}), give way to as many of the recipe's.
     *
     * @return none where neither names any
     */
    static List<String> of(ModelInputs inputs, List<String> recipes) {
        try {
            String classifier = ModelFamilies.of(inputs.json()).architecture(Objective.SEQUENCE_CLASSIFICATION);
            boolean classifies = StreamSupport.stream(
                            inputs.json().node("architectures").spliterator(), false)
                    .anyMatch(name -> classifier.equals(name.asText()));
            List<String> stated = classifies ? Checkpoints.labels(inputs.json()) : List.of();
            boolean empty = stated.stream().allMatch(name -> name.matches("LABEL_\\d+"));
            boolean recipesFit = stated.isEmpty() || stated.size() == recipes.size();
            return empty && recipesFit ? recipes : stated;
        } catch (CheckpointException e) {
            throw JobException.input(e.getMessage());
        }
    }
}

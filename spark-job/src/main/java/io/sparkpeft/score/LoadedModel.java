package io.sparkpeft.score;

import io.sparkpeft.spark.model.ModelState;
import java.util.List;

/**
 * A model that is ready to be scored with.
 *
 * @param state says to every executor what its weights are
 * @param labels class names in order; none for a language model
 * @param weights number of its weights
 * @param drawn tensors that the checkpoint does not hold and that were drawn from the seed
 * @param languageHead whether it can still do what it was pre-trained for
 */
public record LoadedModel(
        ModelState state, List<String> labels, long weights, List<String> drawn, boolean languageHead) {}

package io.sparkpeft.config;

import io.sparkpeft.model.Objective;
import java.util.List;

/** What the model is to do. */
public record TaskRecipe(Objective type, List<String> labels) {}

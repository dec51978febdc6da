package io.sparkpeft.command;

import io.sparkpeft.config.DataRecipe;

/**
 * A corpus to score. Columns and text units are those of the recipe; it needs no labels.
 *
 * @param input where the corpus is
 * @param output directory for the Parquet files
 * @param overwrite whether to replace an output that is there
 */
public record PredictRequest(DataRecipe.Source input, String output, boolean overwrite) {}

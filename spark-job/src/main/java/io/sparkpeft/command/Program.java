package io.sparkpeft.command;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;

/**
 * What the command line can have done on a cluster. Every method ends normally when the work is done, else with an
 * exception whose message is one sentence for the user.
 */
public interface Program extends FineTuning {
    /** Reads, splits and tokenises the recipe's data, and nothing else. */
    void prepare(Recipe recipe, Console console);

    /** Measures a model on the recipe's data and prints the result. */
    void evaluate(Recipe recipe, ModelChoice choice, Console console);

    /** Scores a corpus and writes the result as Parquet. */
    void predict(Recipe recipe, ModelChoice choice, PredictRequest request, Console console);
}

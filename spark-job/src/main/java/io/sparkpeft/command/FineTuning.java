package io.sparkpeft.command;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;

/**
 * Fine-tuning of one kind of model. Both methods end normally when the work is done, else with an exception whose message
 * is one sentence for the user.
 */
public interface FineTuning {
    /** Checks everything that can be checked without doing the work, and prints what the run would do and need. */
    void plan(Recipe recipe, Console console);

    /**
     * Runs the whole job, or goes on with it. It is not done yet.
     *
     * @param startAnew whether to delete a run that is there
     */
    void fineTune(Recipe recipe, boolean startAnew, Console console);
}

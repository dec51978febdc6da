package io.sparkpeft.cli;

import io.sparkpeft.command.ModelChoice;
import io.sparkpeft.command.PredictRequest;
import io.sparkpeft.command.Program;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it was asked for, and fails if it is told to. */
final class RecordingProgram implements Program {
    final List<String> calls = new ArrayList<>();
    RuntimeException failure;

    private void call(String what) {
        calls.add(what);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void plan(Recipe recipe, Console console) {
        call("plan " + recipe.name());
    }

    @Override
    public void fineTune(Recipe recipe, boolean startAnew, Console console) {
        call("fineTune %s %s epochs=%s"
                .formatted(recipe.name(), startAnew, recipe.train().epochs()));
    }

    @Override
    public void prepare(Recipe recipe, Console console) {
        call("prepare " + recipe.name());
    }

    @Override
    public void evaluate(Recipe recipe, ModelChoice choice, Console console) {
        call("evaluate %s %s".formatted(recipe.name(), choice));
    }

    @Override
    public void predict(Recipe recipe, ModelChoice choice, PredictRequest request, Console console) {
        call("predict %s %s %s".formatted(recipe.name(), choice.isRunResult(), request));
    }
}

package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.ModelOptions;
import io.sparkpeft.cli.option.RecipeOptions;
import io.sparkpeft.command.Program;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "evaluate", description = "Measures a model on the recipe's dev, test and general text.")
public final class EvaluateCommand implements Runnable {
    private final Program program;
    private final Console console;

    @Mixin
    private RecipeOptions options;

    @Mixin
    private ModelOptions model;

    public EvaluateCommand(Program program, Console console) {
        this.program = program;
        this.console = console;
    }

    @Override
    public void run() {
        program.evaluate(options.recipe(), model.choice(), console);
    }
}

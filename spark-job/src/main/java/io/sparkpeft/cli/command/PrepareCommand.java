package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.BundledSamples;
import io.sparkpeft.cli.option.RecipeOptions;
import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.command.Program;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "prepare", description = "Reads, splits and tokenises the recipe's data into shards that runs share.")
public final class PrepareCommand implements Runnable {
    private final Program program;
    private final Console console;

    @Mixin
    private RecipeOptions options;

    public PrepareCommand(Program program, Console console) {
        this.program = program;
        this.console = console;
    }

    @Override
    public void run() {
        Recipe recipe = options.recipe();
        BundledSamples.require(recipe, RecipeSource.configuration());
        program.prepare(recipe, console);
    }
}

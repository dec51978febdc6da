package io.sparkpeft.cli.command;

import io.sparkpeft.cli.option.BundledSamples;
import io.sparkpeft.cli.option.RecipeOptions;
import io.sparkpeft.cli.option.RecipeSource;
import io.sparkpeft.command.FineTuning;
import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.command.Program;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.console.Console;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.RunState;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = FineTuneCommand.NAME,
        description = "Runs the whole job that the recipe describes, or goes on with it where it stopped.")
public final class FineTuneCommand implements Callable<Integer> {
    public static final String NAME = "finetune";

    private final Program program;
    private final Console console;

    @Mixin
    private RecipeOptions options;

    @Option(names = "--dry-run", description = "Checks everything and prints the plan, but does nothing.")
    private boolean dryRun;

    @Option(names = "--force", description = "Starts anew: deletes the run that is in the run directory.")
    private boolean force;

    @Option(
            names = "--profile",
            description =
                    "Shows at the end where the time went, by stage and kernel; short for --set output.profile=true.")
    private boolean profile;

    public FineTuneCommand(Program program, Console console) {
        this.program = program;
        this.console = console;
    }

    @Override
    public Integer call() {
        // The settled recipe is the one that the run directory knows.
        Recipe recipe = Computation.settle(
                options.recipe(profile ? List.of("output.profile=true") : List.of()), new SparkConf());
        FineTuning fineTuning = fineTuning(recipe);
        RunState state = force || dryRun ? RunState.NEW : RunDirectory.state(recipe, RecipeSource.configuration());
        if (state.isFinished()) {
            console.line("The run %s is done already; %s/%s holds its result, --force starts it anew."
                    .formatted(recipe.name(), recipe.outputDirectory(), RunDirectory.RESULT));
            return state == RunState.DONE ? 0 : FailureKind.GATE.exitCode();
        }
        BundledSamples.require(recipe, RecipeSource.configuration());
        if (dryRun) {
            fineTuning.plan(recipe, console);
        } else {
            fineTuning.fineTune(recipe, force, console);
        }
        return 0;
    }

    private FineTuning fineTuning(Recipe recipe) {
        String model = recipe.model().path();
        return NetworkProgram.isNetwork(model) ? NetworkProgram.find("fine-tune the DL4J network " + model) : program;
    }
}

package io.sparkpeft.spark.resource;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.config.ModelRecipe;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * Which backend computes what. It follows from the recipe and Spark's settings and never from what a task finds, so that
 * bits do not depend on which executor does it.
 *
 * @param rounds the tasks of training rounds
 * @param elsewhere all others: importance, measuring, prediction
 */
public record Computation(BackendChoice rounds, BackendChoice elsewhere) implements Serializable {
    private static final String CPU = "cpu";

    /** One backend for all. */
    public static Computation everywhere(BackendChoice choice) {
        return new Computation(choice, choice);
    }

    /** What a recipe says; the other backend computes in the recipe's precision if it knows it, else in float32. */
    public static Computation of(ModelRecipe recipe) {
        BackendChoice rounds = recipe.computation();
        if (recipe.isOneBackend()) {
            return everywhere(rounds);
        }
        String name = recipe.backendOutsideRounds();
        boolean isKnown = BackendProvider.named(name).precisions().contains(rounds.precision());
        return new Computation(rounds, new BackendChoice(name, isKnown ? rounds.precision() : Precision.FLOAT32));
    }

    /**
     * A recipe that leaves nothing to the settings of Spark: where only executors that come for rounds have GPUs, and the
     * recipe's backend needs one, the cpu backend computes outside of rounds unless the recipe names another.
     *
     * @throws io.sparkpeft.failure.JobException if Spark cannot give the GPUs that were asked for
     */
    public static Recipe settle(Recipe recipe, SparkConf conf) {
        ModelRecipe model = recipe.model();
        boolean isLeftOpen = model.backendOutsideRounds().equals(ModelRecipe.AUTO);
        return isLeftOpen
                        && TrainingGpus.of(conf).haveExecutorsOfTheirOwn()
                        && model.computation().computesOnGpu()
                ? recipe.withModel(model.withBackendOutsideRounds(CPU))
                : recipe;
    }

    /**
     * Makes the backends that can be made in the driver's process and closes them, so that one which cannot compute is
     * told before anything is done. Where executors are other processes the driver needs no GPU.
     *
     * @param isLocal whether tasks run in this process
     * @throws io.sparkpeft.compute.UnusableDeviceException if a device is missing
     */
    public void require(boolean isLocal) {
        choices().filter(choice -> isLocal || !choice.computesOnGpu()).forEach(choice -> choice.create()
                .close());
    }

    /**
     * In words, as the driver can tell.
     *
     * @param isLocal whether tasks run in this process
     */
    public String description(boolean isLocal) {
        List<String> texts = choices()
                .map(choice -> isLocal || !choice.computesOnGpu()
                        ? choice.description()
                        : "%s in %s, on GPUs of executors".formatted(choice.name(), Names.value(choice.precision())))
                .toList();
        return texts.size() == 1 ? texts.get(0) : "%s; outside of rounds %s".formatted(texts.get(0), texts.get(1));
    }

    private Stream<BackendChoice> choices() {
        return Stream.of(rounds, elsewhere).distinct();
    }
}

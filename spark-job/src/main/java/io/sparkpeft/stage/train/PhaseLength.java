package io.sparkpeft.stage.train;

import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.optim.schedule.ScheduleShape;
import io.sparkpeft.train.TrainSettings;
import java.util.Locale;

/**
 * How long a phase tunes, and how.
 *
 * @param steps local steps of every shard
 * @param rounds that they are divided into
 * @param settings of the optimiser and its schedule over those steps
 */
public record PhaseLength(long steps, int rounds, TrainSettings settings) {
    /** Local steps of every shard in a phase. */
    public static long steps(TrainRecipe recipe, long stepsPerEpoch) {
        return recipe.steps() > 0 ? recipe.steps() : (long) Math.ceil(recipe.epochs() * stepsPerEpoch - 1e-9);
    }

    /** Rounds that the steps are divided into. */
    public static int rounds(TrainRecipe recipe, long steps) {
        return Math.toIntExact((steps + recipe.localSteps() - 1) / recipe.localSteps());
    }

    public static PhaseLength of(TrainRecipe recipe, BatchPlan plan) {
        long steps = steps(recipe, plan.stepsPerEpoch());
        int rounds = rounds(recipe, steps);
        long warmup = recipe.warmupSteps() > 0 ? recipe.warmupSteps() : Math.round(recipe.warmupShare() * steps);
        LearningRate rate = new LearningRate(
                recipe.schedule().name().toLowerCase(Locale.ROOT),
                recipe.learningRate(),
                warmup,
                steps,
                ScheduleShape.DEFAULT);
        OptimizerSettings optimizer =
                new OptimizerSettings("adamw", recipe.beta1(), recipe.beta2(), recipe.epsilon(), recipe.weightDecay());
        return new PhaseLength(steps, rounds, new TrainSettings(rate, optimizer, recipe.clipNorm()));
    }
}

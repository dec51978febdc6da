package io.sparkpeft.stage;

import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.datasets.shard.BatchPlan;
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
record PhaseLength(long steps, int rounds, TrainSettings settings) {
    static PhaseLength of(TrainRecipe recipe, BatchPlan plan) {
        long steps =
                recipe.steps() > 0 ? recipe.steps() : (long) Math.ceil(recipe.epochs() * plan.stepsPerEpoch() - 1e-9);
        int rounds = Math.toIntExact((steps + recipe.localSteps() - 1) / recipe.localSteps());
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

package io.sparkpeft;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.RefineRecipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.PhasePlan;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.stage.Stages;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The whole method on one page. A phase computes how important every weight is, prunes the least important, chooses
 * which of the rest to tune, tunes them in masked rounds on all shards, and evaluates; the gate keeps the phase or rolls
 * it back; then the next phase prunes further, until the target is reached or nothing is gained. The baselines go
 * through the same code with another {@link TrainMode}.
 */
public final class FineTuningRun {
    private final Recipe recipe;
    private final Stages stages;

    public FineTuningRun(Recipe recipe, Stages stages) {
        this.recipe = recipe;
        this.stages = stages;
    }

    /** Runs, or goes on with, the whole job; gives the outcome of each mode, the recipe's own last. */
    public List<Outcome> run() {
        ModelState base = stages.openBase();
        Measurement before = stages.evaluateBase(base);
        Map<TrainMode, Outcome> outcomes = new EnumMap<>(TrainMode.class);
        for (TrainMode baseline : recipe.evaluate().baselines()) {
            outcomes.put(baseline, refine(stages.forMode(baseline), base, before, OptionalDouble.empty()));
        }
        Outcome result = refine(stages, base, before, reference(before, outcomes));
        List<Outcome> all = new ArrayList<>(outcomes.values());
        all.add(result);
        return all;
    }

    private Outcome refine(Stages mode, ModelState base, Measurement before, OptionalDouble fixedReference) {
        return mode.whole(() -> phases(mode, base, before, fixedReference));
    }

    private Outcome phases(Stages mode, ModelState base, Measurement before, OptionalDouble fixedReference) {
        Recipe modeRecipe = mode.recipe();
        Gate gate = new Gate(modeRecipe);
        Outcome outcome = Outcome.start(modeRecipe.train().mode(), base, before);
        PhasePlan plan = PhasePlan.first(modeRecipe);
        while (!outcome.isFinished()) {
            Phase phase = runPhase(mode, plan, outcome.accepted());
            OptionalDouble reference = modeRecipe.refine().reference() == RefineRecipe.Reference.BEST
                    ? outcome.best(modeRecipe)
                    : fixedReference;
            Gate.Verdict verdict = gate.judge(before, phase.tuned(), reference);
            outcome = outcome.with(phase, verdict, modeRecipe);
            mode.report(phase, verdict);
            plan = verdict.accepted() ? plan.afterAcceptance(modeRecipe) : plan.afterRollBack();
            outcome = outcome.finishedBefore(plan, modeRecipe);
        }
        return mode.end(outcome, mode == stages);
    }

    private static Phase runPhase(Stages mode, PhasePlan plan, ModelState start) {
        ModelState pruned = mode.prune(plan, start);
        Measurement afterPruning = mode.evaluatePruned(plan, pruned);
        Artefact updateMask = mode.chooseUpdateMask(plan, pruned);
        ModelState tuned = mode.tune(plan, pruned, updateMask);
        Measurement afterTuning = mode.evaluateTuned(plan, tuned);
        return new Phase(plan, pruned, tuned, updateMask, afterPruning, afterTuning);
    }

    private OptionalDouble reference(Measurement before, Map<TrainMode, Outcome> outcomes) {
        return switch (recipe.refine().reference()) {
            case BEFORE -> OptionalDouble.of(before.value(recipe.metric()));
            case DENSE ->
                OptionalDouble.of(outcomes.get(TrainMode.DENSE).measurement().value(recipe.metric()));
            case BEST, NONE -> OptionalDouble.empty();
        };
    }
}

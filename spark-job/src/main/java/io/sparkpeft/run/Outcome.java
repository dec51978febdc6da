package io.sparkpeft.run;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.spark.model.ModelState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one mode came to, phase by phase. Immutable: every phase makes a new one.
 *
 * @param mode how weights were chosen
 * @param before measured of the model as it came
 * @param accepted the last accepted state, which is exported
 * @param measurement measured of it
 * @param phases all phases, rolled back ones included
 * @param verdicts of the phases
 * @param stopReason why no further phase is run; empty while one is
 * @param ending what was found and written at the end; empty before
 */
public record Outcome(
        TrainMode mode,
        Measurement before,
        ModelState accepted,
        Measurement measurement,
        List<Phase> phases,
        List<Gate.Verdict> verdicts,
        String stopReason,
        Optional<Ending> ending) {

    /**
     * The end of a mode.
     *
     * @param test measured on the test split, where there is one
     * @param exported what was written
     * @param seconds that the rounds took
     */
    public record Ending(Optional<Measurement> test, Exported exported, double seconds) {}

    public static Outcome start(TrainMode mode, ModelState base, Measurement before) {
        return new Outcome(mode, before, base, before, List.of(), List.of(), "", Optional.empty());
    }

    public boolean isFinished() {
        return !stopReason.isEmpty();
    }

    public Outcome endedWith(Ending end) {
        return new Outcome(mode, before, accepted, measurement, phases, verdicts, stopReason, Optional.of(end));
    }

    /** The last accepted phase, where there is one. */
    public Optional<Phase> acceptedPhase() {
        for (int i = phases.size() - 1; i >= 0; i--) {
            if (verdicts.get(i).accepted()) {
                return Optional.of(phases.get(i));
            }
        }
        return Optional.empty();
    }

    /** The outcome with one phase more. */
    public Outcome with(Phase phase, Gate.Verdict verdict, Recipe recipe) {
        List<Phase> allPhases = new ArrayList<>(phases);
        allPhases.add(phase);
        List<Gate.Verdict> allVerdicts = new ArrayList<>(verdicts);
        allVerdicts.add(verdict);
        return new Outcome(
                mode,
                before,
                verdict.accepted() ? phase.tunedState() : accepted,
                verdict.accepted() ? phase.tuned() : measurement,
                List.copyOf(allPhases),
                List.copyOf(allVerdicts),
                "",
                Optional.empty());
    }

    /** The value of the recipe's metric in the best accepted phase; empty before the first. */
    public OptionalDouble best(Recipe recipe) {
        OptionalDouble best = OptionalDouble.empty();
        for (int i = 0; i < phases.size(); i++) {
            if (verdicts.get(i).accepted()) {
                double value = phases.get(i).tuned().value(recipe.metric());
                best = best.isPresent() && recipe.metric().gain(best.getAsDouble(), value) >= 0
                        ? best
                        : OptionalDouble.of(value);
            }
        }
        return best;
    }

    /** Says why the next phase is not run, if it is not. */
    public Outcome finishedBefore(PhasePlan next, Recipe recipe) {
        int limit = recipe.maxPhases();
        Gate.Verdict last = verdicts.get(verdicts.size() - 1);
        PhasePlan done = phases.get(phases.size() - 1).plan();
        String reason = "";
        if (last.accepted() && done.reaches(recipe) && (limit <= phases.size() || !gained(recipe))) {
            reason = recipe.prune().isOff() ? "all phases done" : "target sparsity reached";
        } else if (phases.size() >= limit) {
            reason = "limit of %d phases reached, the last one was %s"
                    .formatted(limit, last.accepted() ? "accepted" : "rolled back: " + last.reason());
        } else if (!last.accepted() && next.isTooSmall()) {
            reason = "no further sparsity was accepted: " + last.reason();
        }
        return new Outcome(mode, before, accepted, measurement, phases, verdicts, reason, Optional.empty());
    }

    /** Whether the last accepted phase was better than all accepted ones before it, or pruned further. */
    private boolean gained(Recipe recipe) {
        int last = phases.size() - 1;
        if (last == 0) {
            return true;
        }
        Phase phase = phases.get(last);
        OptionalDouble earlier = new Outcome(
                        mode,
                        before,
                        accepted,
                        measurement,
                        phases.subList(0, last),
                        verdicts.subList(0, last),
                        "",
                        Optional.empty())
                .best(recipe);
        return phase.plan().sparsity() > phase.plan().accepted()
                || earlier.isEmpty()
                || recipe.metric().gain(phase.tuned().value(recipe.metric()), earlier.getAsDouble()) > 0;
    }
}

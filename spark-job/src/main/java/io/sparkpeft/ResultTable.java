package io.sparkpeft;

import io.sparkpeft.config.choice.Metric;
import io.sparkpeft.console.Comparison;
import io.sparkpeft.console.TextTable;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The table at the end of a job: the model as it came, pruned, tuned, and what the baselines came to. */
final class ResultTable {
    private final JobResult result;
    private final Metric metric;

    ResultTable(JobResult result) {
        this.result = result;
        this.metric = result.recipe().metric();
    }

    TextTable table() {
        Comparison comparison = new Comparison(metric.key());
        comparison.add(entry("before", result.outcome().before(), OptionalDouble.empty(), Optional.empty()));
        for (Outcome outcome : result.outcomes()) {
            boolean isResult = outcome == result.outcome();
            outcome.acceptedPhase()
                    .filter(phase -> isResult && phase.plan().sparsity() > 0)
                    .ifPresent(phase -> comparison.add(pruned(phase, outcome)));
            comparison.add(tuned(outcome));
        }
        return comparison.table();
    }

    private Comparison.Entry pruned(Phase phase, Outcome outcome) {
        OptionalDouble sparsity = OptionalDouble.of(phase.plan().sparsity());
        return entry(outcome.mode().key() + ", pruned", phase.pruned(), sparsity, Optional.empty());
    }

    private Comparison.Entry tuned(Outcome outcome) {
        Measurement measured = outcome.measurement();
        Optional<Outcome.Ending> ending = outcome.ending();
        return new Comparison.Entry(
                outcome.mode().key() + ", tuned",
                OptionalDouble.of(measured.value(metric)),
                ending.flatMap(Outcome.Ending::test)
                        .map(test -> OptionalDouble.of(test.value(metric)))
                        .orElse(OptionalDouble.empty()),
                measured.retention(),
                measured.deltaCe(outcome.before()),
                ending.map(e -> OptionalDouble.of(
                                (double) e.exported().pruned() / e.exported().body()))
                        .orElse(OptionalDouble.empty()),
                ending.map(e -> OptionalDouble.of(
                                (double) e.exported().tunedBody() / e.exported().body()))
                        .orElse(OptionalDouble.empty()),
                ending.map(e -> OptionalLong.of(e.exported().adapterBytes())).orElse(OptionalLong.empty()),
                ending.map(e -> Duration.ofMillis(Math.round(e.seconds() * 1000))),
                result.energy().tuning(outcome.mode().key()).map(EnergyText::of).orElse(""));
    }

    private Comparison.Entry entry(
            String state, Measurement measured, OptionalDouble sparsity, Optional<Duration> time) {
        return new Comparison.Entry(
                state,
                OptionalDouble.of(measured.value(metric)),
                OptionalDouble.empty(),
                measured.retention(),
                measured.deltaCe(result.outcome().before()),
                sparsity,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                time,
                "");
    }
}

package io.sparkpeft.run;

import io.sparkpeft.energy.EnergyTotals;
import io.sparkpeft.metrics.RunGauges;
import io.sparkpeft.profile.RunProfile;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.store.MetricsLog;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes what a run measures to {@code metrics.jsonl}, one line each, in the form that the file's schema states, and
 * shows the newest of it in Spark's metrics system.
 */
public final class Recorder {
    private final MetricsLog metrics;
    private final RunProfile profile;
    private final int start;

    /**
     * @param profile knows how long each stage took
     * @param start number of this start of the run
     */
    public Recorder(MetricsLog metrics, RunProfile profile, int start) {
        this.metrics = metrics;
        this.profile = profile;
        this.start = start;
    }

    /**
     * What was measured.
     *
     * @param mode how weights were chosen
     * @param phase number of the phase; 0 outside of one
     * @param round number of the round; 0 between rounds
     * @param state before, pruned, tuned, round or final
     * @param split whose examples were scored
     */
    public record Evaluated(String mode, int phase, int round, String state, String split) {
        private String id() {
            String place = phase == 0 ? "" : "/phase-" + phase;
            return mode + place + (round == 0 ? "/" + state : "/round-" + round) + "/evaluation-" + split;
        }
    }

    /** Notes a round. */
    public void round(RoundReport report) {
        String id = "%s/phase-%d/round-%d".formatted(report.mode().key(), report.phase(), report.round());
        metrics.put(id, report.values());
        RunGauges.round(report.values());
    }

    /** Notes an evaluation. */
    public void evaluation(Evaluated what, Measurement measured) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "evaluation");
        row.put("mode", what.mode());
        row.put("state", what.state());
        row.put("split", what.split());
        if (what.phase() > 0) {
            row.put("phase", what.phase());
        }
        if (what.round() > 0) {
            row.put("round", what.round());
        }
        row.put("examples", measured.examples());
        row.putAll(measured.values());
        metrics.put(what.id(), row);
        RunGauges.set(measured.values());
    }

    /** Notes how long each stage has taken so far and what energy it used, and writes the file. */
    public void flush() {
        profile.times().passed().forEach(this::stage);
        profile.energy()
                .ifPresent(meter -> EnergyTotals.lines(start, meter.use()).forEach(metrics::put));
        metrics.flush();
    }

    private void stage(Stage stage, double seconds) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "stage");
        row.put("start", start);
        row.put("stage", stage.key());
        row.put("seconds", seconds);
        metrics.put("start-%d/%s".formatted(start, stage.key()), row);
    }

    /**
     * Energy that the run used, over all its starts.
     *
     * @param wattsPerCore for the estimate
     */
    public EnergyTotals energy(double wattsPerCore) {
        return EnergyTotals.of(metrics.rows(), wattsPerCore);
    }

    /** Seconds that the rounds of a mode took, over all starts of the run. */
    public double secondsOfRounds(String mode) {
        return metrics.rows().stream()
                .filter(row -> mode.equals(row.get("mode")) && "round".equals(row.get("kind")))
                .mapToDouble(row -> ((Number) row.get("seconds")).doubleValue())
                .sum();
    }

    /** Seconds of each stage, over all starts of the run. */
    public Map<String, Double> secondsByStage() {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            double sum = metrics.rows().stream()
                    .filter(row ->
                            "stage".equals(row.get("kind")) && stage.key().equals(row.get("stage")))
                    .mapToDouble(row -> ((Number) row.get("seconds")).doubleValue())
                    .sum();
            if (sum > 0) {
                sums.put(stage.key(), sum);
            }
        }
        return sums;
    }
}

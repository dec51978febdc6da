package io.sparkpeft.energy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a run used, over all its starts, from the lines of {@code metrics.jsonl}. Joules are measured or they are an
 * estimate, processor seconds times watts of a core; the two are never added.
 */
public final class EnergyTotals {
    public static final String KIND = "energy";

    private static final String FORMULA = "processor seconds x watts-per-core";
    private static final String SOURCE =
            "RAPL and NVML counters of the hosts of driver and executors; whole hosts, other processes included";
    /** The stages that make a mode's adapter: what modes are compared by. */
    private static final Set<String> TUNING = Set.of("importance", "mask", "train");

    private final List<Row> rows;
    private final double wattsPerCore;

    private EnergyTotals(List<Row> rows, double wattsPerCore) {
        this.rows = rows;
        this.wattsPerCore = wattsPerCore;
    }

    /** What one part of one start used. */
    private record Row(Place place, double processorSeconds, Map<String, Double> joules, String notMeasured) {
        double measured() {
            return joules.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /**
     * Joules, and where they come from.
     *
     * @param joules of a part of the run
     * @param isMeasured whether by counters of whole hosts; else they are an estimate
     */
    public record Amount(double joules, boolean isMeasured) {}

    /** The lines that say what a start has used so far, by their ids. */
    public static Map<String, Map<String, Object>> lines(int start, EnergyUse use) {
        Map<String, Map<String, Object>> lines = new LinkedHashMap<>();
        Set<Place> places = new java.util.LinkedHashSet<>(use.processorSeconds().keySet());
        places.addAll(use.joules().keySet());
        for (Place place : places) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("kind", KIND);
            line.put("start", start);
            if (!place.mode().isEmpty()) {
                line.put("mode", place.mode());
            }
            line.put("stage", place.stage());
            line.put("processor-seconds", use.processorSeconds().getOrDefault(place, 0.0));
            if (use.notMeasured().isEmpty()) {
                line.put("joules", use.joules().getOrDefault(place, Map.of()));
            } else {
                line.put("not-measured", use.notMeasured());
            }
            lines.put("start-%d/energy/%s".formatted(start, place.text()), line);
        }
        return lines;
    }

    /**
     * Reads the lines.
     *
     * @param lines of all kinds
     * @param wattsPerCore for the estimate
     */
    public static EnergyTotals of(Collection<Map<String, Object>> lines, double wattsPerCore) {
        List<Row> rows = new ArrayList<>();
        for (Map<String, Object> line : lines) {
            if (KIND.equals(line.get("kind"))) {
                rows.add(row(line));
            }
        }
        return new EnergyTotals(rows, wattsPerCore);
    }

    private static Row row(Map<String, Object> line) {
        Map<String, Double> joules = new TreeMap<>();
        if (line.get("joules") instanceof Map<?, ?> parts) {
            parts.forEach((part, value) -> joules.put(part.toString(), ((Number) value).doubleValue()));
        }
        return new Row(
                new Place(String.valueOf(line.getOrDefault("mode", "")), String.valueOf(line.get("stage"))),
                ((Number) line.get("processor-seconds")).doubleValue(),
                joules,
                String.valueOf(line.getOrDefault("not-measured", "")));
    }

    /** What {@code result.json} says of the whole run; empty where nothing was noted. */
    public Map<String, Object> values() {
        if (rows.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("estimate", estimate(row -> true));
        Optional<String> gap = gap();
        if (gap.isPresent()) {
            values.put("not-measured", gap.get());
        } else {
            values.put("measured", measured(row -> true));
        }
        return values;
    }

    /** The same of a mode. */
    public Map<String, Object> values(String mode) {
        if (rows.stream().noneMatch(of(mode))) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("estimate", estimate(of(mode)));
        if (gap().isEmpty()) {
            values.put("measured", measured(of(mode)));
        }
        return values;
    }

    /** What it took to make a mode's adapter: importance, masks and rounds; empty where nothing was noted. */
    public Optional<Amount> tuning(String mode) {
        List<Row> tuning = rows.stream()
                .filter(of(mode))
                .filter(row -> TUNING.contains(row.place.stage()))
                .toList();
        if (tuning.isEmpty()) {
            return Optional.empty();
        }
        boolean isMeasured = gap().isEmpty();
        return Optional.of(new Amount(
                tuning.stream()
                        .mapToDouble(row -> isMeasured ? row.measured() : row.processorSeconds * wattsPerCore)
                        .sum(),
                isMeasured));
    }

    private static Predicate<Row> of(String mode) {
        return row -> row.place.mode().equals(mode);
    }

    /** Why there are no measured joules of all starts. */
    private Optional<String> gap() {
        return rows.stream()
                .map(Row::notMeasured)
                .filter(reason -> !reason.isEmpty())
                .findFirst();
    }

    private Map<String, Object> estimate(Predicate<Row> which) {
        double seconds =
                rows.stream().filter(which).mapToDouble(Row::processorSeconds).sum();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("formula", FORMULA);
        values.put("watts-per-core", wattsPerCore);
        values.put("processor-seconds", seconds);
        values.put("joules", seconds * wattsPerCore);
        Map<String, Double> stages = new LinkedHashMap<>();
        rows.stream()
                .filter(which)
                .forEach(row -> stages.merge(row.place.stage(), row.processorSeconds * wattsPerCore, Double::sum));
        values.put("stages", stages);
        return values;
    }

    private Map<String, Object> measured(Predicate<Row> which) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Double> parts = new TreeMap<>();
        Map<String, Double> stages = new LinkedHashMap<>();
        double joules = 0;
        for (Row row : rows) {
            if (which.test(row)) {
                joules += row.measured();
                stages.merge(row.place.stage(), row.measured(), Double::sum);
                row.joules.forEach((part, value) -> parts.merge(part, value, Double::sum));
            }
        }
        values.put("source", SOURCE);
        values.put("joules", joules);
        values.put("parts", parts);
        values.put("stages", stages);
        return values;
    }
}

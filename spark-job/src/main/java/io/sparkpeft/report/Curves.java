package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured in the course of one mode, over the rounds done in all its phases together.
 *
 * @param mode how weights were chosen
 * @param files of the run
 * @param offsets rounds done before each phase
 */
record Curves(String mode, RunFiles files, Map<Integer, Integer> offsets) {
    /**
     * A point of a curve.
     *
     * @param round rounds done, over all phases
     * @param pruned whether it was measured right after pruning, so after another point of the same round
     * @param value what was measured
     */
    record Point(int round, boolean pruned, double value) {}

    static Curves of(RunFiles files, String mode) {
        Map<Integer, Integer> rounds = new TreeMap<>();
        files.metrics("round", mode)
                .forEach(row -> rounds.merge(
                        row.path("phase").asInt(), row.path("round").asInt(), Math::max));
        Map<Integer, Integer> offsets = new TreeMap<>();
        int done = 0;
        for (Map.Entry<Integer, Integer> phase : rounds.entrySet()) {
            offsets.put(phase.getKey(), done);
            done += phase.getValue();
        }
        // Where the phase after the last one would start.
        offsets.put(rounds.isEmpty() ? 1 : new TreeMap<>(rounds).lastKey() + 1, done);
        return new Curves(mode, files, offsets);
    }

    /** A number of every round. */
    List<Point> ofRounds(String key) {
        List<Point> points = new ArrayList<>();
        files.metrics("round", mode).forEach(row -> points.add(new Point(round(row), false, number(row, key))));
        return points;
    }

    /** A number of every evaluation on dev. */
    List<Point> ofEvaluations(String key) {
        List<Point> points = new ArrayList<>();
        List<JsonNode> rows = new ArrayList<>();
        // The model as it came was measured once for all modes.
        files.metrics().stream()
                .filter(row -> row.path("state").asText().equals("before"))
                .forEach(rows::add);
        files.metrics("evaluation", mode)
                .filter(row -> row.path("split").asText().equals("dev"))
                .filter(row -> !row.path("state").asText().equals("before"))
                .forEach(rows::add);
        for (JsonNode row : rows) {
            if (row.path(key).isNumber()) {
                boolean pruned = row.path("state").asText().equals("pruned");
                points.add(new Point(place(row), pruned, number(row, key)));
            }
        }
        points.sort(Comparator.comparingInt(Point::round).thenComparing(Point::pruned));
        return points;
    }

    /** Rounds after which a new phase began. */
    List<Integer> boundaries() {
        List<Integer> starts = new ArrayList<>(offsets.values());
        return starts.size() <= 2 ? List.of() : starts.subList(1, starts.size() - 1);
    }

    private int place(JsonNode row) {
        int phase = row.path("phase").asInt();
        return switch (row.path("state").asText()) {
            case "before" -> 0;
            case "pruned" -> offsets.getOrDefault(phase, 0);
            case "tuned" -> offsets.getOrDefault(phase + 1, 0);
            default -> round(row);
        };
    }

    private int round(JsonNode row) {
        return offsets.getOrDefault(row.path("phase").asInt(), 0)
                + row.path("round").asInt();
    }

    private static double number(JsonNode row, String key) {
        return row.path(key).asDouble();
    }
}

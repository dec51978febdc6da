package io.sparkpeft.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.report.html.Html;
import io.sparkpeft.report.html.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Curves over rounds: drawn by the page's script, and there as numbers for those who cannot see or run it. */
final class LineChart {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String id;
    private final String label;
    private final Map<String, List<Curves.Point>> series = new LinkedHashMap<>();
    private List<Integer> boundaries = List.of();

    /**
     * @param id of the element that it is drawn in
     * @param label of the vertical axis, with its unit
     */
    LineChart(String id, String label) {
        this.id = id;
        this.label = label;
    }

    /** Adds a curve, if it has any points. */
    LineChart add(String name, List<Curves.Point> points) {
        if (!points.isEmpty()) {
            series.put(name, points);
        }
        return this;
    }

    /** Marks rounds after which a phase of the recipe's own mode began. */
    LineChart mark(List<Integer> rounds) {
        boundaries = rounds;
        return this;
    }

    boolean isEmpty() {
        return series.isEmpty();
    }

    /** A place on the horizontal axis: two values of one round stand one above the other. */
    private record Place(int round, boolean pruned) implements Comparable<Place> {
        static Place of(Curves.Point point) {
            return new Place(point.round(), point.pruned());
        }

        @Override
        public int compareTo(Place other) {
            return round != other.round ? Integer.compare(round, other.round) : Boolean.compare(pruned, other.pruned);
        }
    }

    private TreeSet<Place> places() {
        TreeSet<Place> places = new TreeSet<>();
        series.values().forEach(points -> points.forEach(point -> places.add(Place.of(point))));
        return places;
    }

    /** What the script draws. */
    ObjectNode specification() {
        ObjectNode chart = JSON.createObjectNode();
        chart.put("id", id).put("label", label);
        ArrayNode rounds = chart.putArray("rounds");
        TreeSet<Place> places = places();
        places.forEach(place -> rounds.add(place.round()));
        boundaries.forEach(chart.putArray("boundaries")::add);
        ArrayNode curves = chart.putArray("series");
        series.forEach((name, points) -> {
            ObjectNode curve = curves.addObject().put("name", name);
            ArrayNode values = curve.putArray("values");
            Map<Place, Double> byPlace = byPlace(points);
            for (Place place : places) {
                Double value = byPlace.get(place);
                if (value == null) {
                    values.addNull();
                } else {
                    values.add(value);
                }
            }
        });
        return chart;
    }

    void write(Html html) {
        html.open("div", "id", id, "class", "chart", "role", "img", "aria-label", label + " by round");
        html.close("div");
        html.open("details").element("summary", "The numbers");
        List<String> columns = new ArrayList<>(List.of("round"));
        columns.addAll(series.keySet());
        Table table = new Table(html, label, columns);
        for (Place place : places()) {
            List<String> cells = series.values().stream()
                    .map(points -> byPlace(points).get(place))
                    .map(value -> value == null ? "" : Double.toString(value))
                    .toList();
            table.row(place.round() + (place.pruned() ? ", pruned" : ""), cells);
        }
        table.end();
        html.close("details");
    }

    private static Map<Place, Double> byPlace(List<Curves.Point> points) {
        Map<Place, Double> values = new LinkedHashMap<>();
        points.forEach(point -> values.put(Place.of(point), point.value()));
        return values;
    }
}

package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.report.html.Html;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A share of the weights of each tensor, by kind of tensor and layer, the darker the more. */
final class HeatMap {
    /** Prefix, number of the layer, kind of tensor. */
    private static final Pattern IN_LAYER = Pattern.compile(".*?\\.(\\d+)\\.(.+)");

    private static final String OUTSIDE = "outside layers";

    private final String what;
    private final String key;
    private final Map<String, Map<Integer, JsonNode>> kinds = new LinkedHashMap<>();
    private final Map<String, JsonNode> outside = new LinkedHashMap<>();
    private final double most;

    /**
     * @param what the share is of, for people
     * @param key of the number of weights, in the rows
     */
    HeatMap(String what, String key, List<JsonNode> tensors) {
        this.what = what;
        this.key = key;
        for (JsonNode tensor : tensors) {
            String name = tensor.path("name").asText();
            Matcher place = IN_LAYER.matcher(name);
            if (place.matches()) {
                kinds.computeIfAbsent(place.group(2), kind -> new TreeMap<>())
                        .put(Integer.parseInt(place.group(1)), tensor);
            } else {
                outside.put(name, tensor);
            }
        }
        this.most = tensors.stream().mapToDouble(this::share).max().orElse(0);
    }

    void write(Html html) {
        TreeSet<Integer> layers = new TreeSet<>();
        kinds.values().forEach(kind -> layers.addAll(kind.keySet()));
        html.open("div", "class", "scroll").open("table", "class", "heat");
        html.element(
                "caption",
                "%s, in percent of each tensor; the strongest cell is %s".formatted(what, Amounts.share(most)));
        html.open("thead").open("tr").element("th", "kind of tensor", "scope", "col");
        layers.forEach(layer -> html.element("th", "layer " + layer, "scope", "col"));
        html.element("th", OUTSIDE, "scope", "col").close("tr").close("thead").open("tbody");
        kinds.forEach((kind, byLayer) -> {
            html.open("tr").element("th", kind, "scope", "row");
            layers.forEach(layer -> cell(html, byLayer.get(layer)));
            html.element("td", "").close("tr");
        });
        outside.forEach((name, tensor) -> {
            html.open("tr").element("th", name, "scope", "row");
            layers.forEach(layer -> html.element("td", ""));
            cell(html, tensor);
            html.close("tr");
        });
        html.close("tbody").close("table").close("div");
    }

    private void cell(Html html, JsonNode tensor) {
        if (tensor == null) {
            html.element("td", "");
            return;
        }
        // The square root shows small shares too.
        double heat = most > 0 ? Math.sqrt(share(tensor) / most) : 0;
        html.element(
                "td",
                percent(share(tensor)),
                "class",
                "cell",
                "style",
                String.format(Locale.ROOT, "--heat:%.0f%%", 100 * heat),
                "title",
                String.format(
                        Locale.ROOT,
                        "%s: %,d of %,d weights",
                        tensor.path("name").asText(),
                        tensor.path(key).asLong(),
                        tensor.path("weights").asLong()));
    }

    private double share(JsonNode tensor) {
        return tensor.path(key).asDouble() / tensor.path("weights").asDouble();
    }

    private static String percent(double share) {
        double percent = 100 * share;
        return share == 0 ? "0" : String.format(Locale.ROOT, percent < 9.95 ? "%.1f" : "%.0f", percent);
    }
}

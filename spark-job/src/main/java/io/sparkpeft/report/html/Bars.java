package io.sparkpeft.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars with their amounts written beside them. */
public final class Bars {
    private record Bar(String name, double value, String words, String note) {}

    private final List<Bar> bars = new ArrayList<>();

    /**
     * @param value that decides the length
     * @param words the same for people, with its unit
     * @param note what is to be said of it
     */
    public Bars add(String name, double value, String words, String note) {
        bars.add(new Bar(name, value, words, note));
        return this;
    }

    public void write(Html html, String label) {
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(1);
        html.open("dl", "class", "bars", "aria-label", label);
        for (Bar bar : bars) {
            String width = String.format(Locale.ROOT, "width:%.2f%%", most > 0 ? 100 * bar.value / most : 0);
            html.element("dt", bar.name);
            html.open("dd").open("span", "class", "bar", "style", width).close("span");
            html.element("strong", bar.words);
            html.element("span", bar.note, "class", "note").close("dd");
        }
        html.close("dl");
    }
}

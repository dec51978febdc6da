package io.sparkpeft.report.html;

import java.util.List;

/** A table whose first column names the rows and whose others hold numbers. */
public final class Table {
    private final Html html;

    /** Starts a table with a heading for each column. */
    public Table(Html html, String caption, List<String> columns) {
        this.html = html;
        html.open("div", "class", "scroll").open("table");
        html.element("caption", caption);
        html.open("thead").open("tr");
        columns.forEach(column -> html.element("th", column, "scope", "col"));
        html.close("tr").close("thead").open("tbody");
    }

    public Table row(String name, List<String> cells) {
        return row(name, cells, "");
    }

    /** @param style class of the row */
    public Table row(String name, List<String> cells, String style) {
        html.open("tr", "class", style).element("th", name, "scope", "row");
        cells.forEach(cell -> html.element("td", cell));
        html.close("tr");
        return this;
    }

    public void end() {
        html.close("tbody").close("table").close("div");
    }
}

package io.sparkpeft.report.html;

/**
 * One part of the page.
 *
 * @param id of its heading's section, for links
 * @param title its heading
 * @param body writes what is under the heading
 */
public record Section(String id, String title, Body body) {
    /** Writes a section's content. */
    @FunctionalInterface
    public interface Body {
        void write(Html html);
    }

    public void write(Html html) {
        html.open("section", "id", id, "aria-labelledby", id + "-title");
        html.element("h2", title, "id", id + "-title");
        body.write(html);
        html.close("section");
    }
}

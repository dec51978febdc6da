package io.sparkpeft.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.report.html.Bars;
import io.sparkpeft.report.html.Figures;
import io.sparkpeft.report.html.Html;
import io.sparkpeft.report.html.Section;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.Versions;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code report.html}: the story of a run on one page that asks nothing of any other: styles, script, numbers and the
 * charting library (uPlot) are in it.
 */
public final class ReportPage {
    private static final String LIBRARY = "/META-INF/resources/webjars/uplot/%s/dist/".formatted(Versions.of("uplot"));

    private final RunFiles files;
    private final Course course;
    private final Traffic traffic;

    private ReportPage(RunFiles files) {
        this.files = files;
        this.course = new Course(files);
        this.traffic = new Traffic(files);
    }

    /**
     * Writes the page of a run that has come to its end, from the files in its directory.
     *
     * @return where it is
     * @throws io.sparkpeft.failure.JobException if the directory holds no such run
     */
    public static String write(Storage run) {
        String page = new ReportPage(RunFiles.read(run)).text();
        run.replace(RunDirectory.REPORT, page);
        return run.uri(RunDirectory.REPORT);
    }

    /** The same at the end of a run: a page that cannot be made must not cost the result that it is about. */
    public static String writeOrSayWhyNot(RunDirectory directory) {
        directory.requireOwnership();
        try {
            return "the report is " + write(directory.storage());
        } catch (IllegalStateException | IllegalArgumentException e) {
            return "there is no report: " + e.getMessage();
        }
    }

    private String text() {
        Html html = new Html();
        String name = files.result().path("name").asText();
        html.trusted("<!DOCTYPE html>\n").open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        html.open("head").empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        // Nothing can be fetched, whatever the page holds.
        html.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:");
        html.element("title", "Spark PEFT: " + name);
        html.open("style")
                .trusted(resource(LIBRARY + "uPlot.min.css") + resource("report.css"))
                .close("style");
        html.close("head").open("body").open("main");
        head(html, name);
        new KeyFigures(files, traffic).write(html);
        sections().forEach(section -> section.write(html));
        html.close("main");
        script(html, "application/json", "charts", json());
        script(html, "text/javascript", "library", cdata(resource(LIBRARY + "uPlot.iife.min.js")));
        script(html, "text/javascript", "drawing", cdata(resource("report.js")));
        return html.close("body").close("html").toString();
    }

    private void head(Html html, String name) {
        html.open("header").element("h1", name);
        html.element(
                "p",
                "%s, %s · %s weights · %d shards · seed %s"
                        .formatted(
                                kind(),
                                files.resultMode(),
                                Figures.whole(files.mode(files.resultMode())
                                        .path("exported")
                                        .path("weights")),
                                files.recipe().data().shards(),
                                files.manifest().path("seed").asText()));
        html.open("nav", "aria-label", "Sections");
        sections().forEach(section -> html.element("a", section.title(), "href", "#" + section.id()));
        html.close("nav").close("header");
    }

    private String kind() {
        return files.isNetwork()
                ? "DL4J network"
                : files.recipe().task().type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private List<Section> sections() {
        Outcomes outcomes = new Outcomes(files);
        Origin origin = new Origin(files);
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("comparison", "Comparison", outcomes::compare));
        sections.addAll(course.sections());
        sections.add(new Section("phases", "Phases", outcomes::phases));
        sections.add(new Section("tensors", "Where weights are tuned and pruned", this::tensors));
        sections.add(new Section("bytes", "Bytes of a round", traffic::write));
        sections.add(new Section("time", "Time and energy by stage", this::time));
        sections.add(new Section("provenance", "Provenance", origin::write));
        sections.add(new Section("use", "Use it", origin::use));
        return sections;
    }

    private void tensors(Html html) {
        if (files.tensors().isEmpty()) {
            html.element("p", "The run directory has no tensors.json.");
            return;
        }
        new HeatMap("Density: weights tuned", "tuned", files.tensors()).write(html);
        new HeatMap("Sparsity: weights pruned", "pruned", files.tensors()).write(html);
    }

    private void time(Html html) {
        html.element("p", "What passed on the driver’s clock, over all starts of the run and all its modes.");
        double all = 0;
        for (var seconds : files.result().path("stages")) {
            all += seconds.asDouble();
        }
        Bars bars = new Bars();
        double whole = all;
        files.result().path("stages").fields().forEachRemaining(stage -> {
            double seconds = stage.getValue().asDouble();
            String share = Amounts.share(seconds / whole);
            bars.add(stage.getKey(), seconds, Figures.time(seconds), share);
        });
        bars.write(html, "Seconds of each stage");
        new Energy(files).write(html);
    }

    private String json() {
        ArrayNode charts = new ObjectMapper().createArrayNode();
        course.charts().forEach(chart -> charts.add(chart.specification()));
        // No name of a user's can end the script, and XML sees no markup.
        return charts.toString().replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
    }

    private static void script(Html html, String type, String id, String content) {
        html.open("script", "type", type, "id", id).trusted(content).close("script");
    }

    private static String cdata(String script) {
        return "/*<![CDATA[*/\n" + script + "\n/*]]>*/";
    }

    private static String resource(String name) {
        String path = name.startsWith("/") ? name : "/io/sparkpeft/report/" + name;
        try (InputStream in = ReportPage.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("Cannot write the report: the program lacks " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }
}

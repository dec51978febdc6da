package io.sparkpeft.report;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Headless Chromium, where there is one: named by the environment variable CHROMIUM, else on the path. */
public final class Browser {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private final Path program;

    private Browser(Path program) {
        this.program = program;
    }

    /**
     * What the browser made of a page.
     *
     * @param page the document after its scripts ran
     * @param log what it said, errors of the page among it
     */
    public record Opened(String page, String log) {}

    public static Optional<Browser> find() {
        Stream<Path> named = Optional.ofNullable(System.getenv("CHROMIUM")).map(Path::of).stream();
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        return Stream.concat(named, onPath)
                .filter(Files::isExecutable)
                .findFirst()
                .map(Browser::new);
    }

    /** Opens a page, runs its scripts and gives the document. */
    public Opened open(Path page, Path work) throws IOException, InterruptedException {
        return run(page, work, List.of("--dump-dom"));
    }

    /** Paints a page into a PNG file. */
    public Opened paint(Path page, Path work, Path picture, String... more) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("--screenshot=" + picture, "--window-size=1366,5200"));
        options.addAll(List.of(more));
        return run(page, work, options);
    }

    private Opened run(Path page, Path work, List<String> options) throws IOException, InterruptedException {
        Path document = Files.createTempFile(work, "page", ".html");
        Path log = Files.createTempFile(work, "browser", ".log");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--virtual-time-budget=5000",
                "--user-data-dir=" + Files.createTempDirectory(work, "profile")));
        command.addAll(options);
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(document.toFile())
                .redirectError(log.toFile())
                .start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new IOException("Cannot open %s: the browser did not end".formatted(page));
        }
        return new Opened(Files.readString(document), Files.readString(log));
    }
}

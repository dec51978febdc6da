package io.sparkpeft.dl4j;

import io.sparkpeft.spark.OwnSession;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The program of {@link SameBitsIT} in a process of its own, with executors in processes of theirs. */
final class SeparateExecutors {
    private SeparateExecutors() {}

    /** Prints how many executors there were and the fingerprint of the weights. */
    public static void main(String[] arguments) {
        try (OwnSession own = OwnSession.of(SparkSession.builder()
                .master(arguments[0])
                .appName("separate executors")
                .getOrCreate())) {
            JavaSparkContext context =
                    JavaSparkContext.fromSparkContext(own.session().sparkContext());
            String fingerprint = SameBitsIT.fingerprint(SameBitsIT.tuned(context, Networks.mixed(), 3));
            // The driver is among those that have block managers.
            int executors = context.sc().getExecutorMemoryStatus().size() - 1;
            System.out.println("executors " + executors + ", weights " + fingerprint);
        }
    }

    /**
     * Runs it.
     *
     * @param home directory for what Spark takes for its own
     * @return the last line that it printed
     */
    static String run(String master, Path home) throws IOException, InterruptedException {
        String classPath = classPath().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        String opens = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-"))
                .collect(Collectors.joining(" "));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(List.of(opens.split(" ")));
        command.addAll(List.of(
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=localhost",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.executor.extraClassPath=" + classPath,
                "-Dspark.executor.extraJavaOptions=" + opens,
                "-cp",
                classPath,
                SeparateExecutors.class.getName(),
                master));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(home.toFile());
        builder.environment().put("SPARK_HOME", sparkHome(home).toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said.strip().lines().reduce("", (before, line) -> line) : said;
    }

    private static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath());
    }

    /** Workers start executors from the jars of a Spark home: links to those of this class path will do. */
    private static Path sparkHome(Path home) throws IOException {
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (Path entry : classPath().toList()) {
            Path link = jars.resolve(entry.getFileName());
            if (entry.toString().endsWith(".jar") && !Files.exists(link)) {
                Files.createSymbolicLink(link, entry);
            }
        }
        Files.writeString(home.resolve("RELEASE"), "");
        return home;
    }
}

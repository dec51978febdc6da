package io.sparkpeft.fault.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.fault.FaultWorld;
import io.sparkpeft.fault.cluster.TestCluster;
import io.sparkpeft.fault.disk.FaultyDriver;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A driver in a process of its own, as spark-submit starts one, on {@code local[2]}.
 *
 * @param process that it runs in
 * @param output where standard output and error go
 */
public record ChildDriver(Process process, Path output) {
    private static final Path LOGGING = Path.of("../conf/log4j2.properties").toAbsolutePath();

    /**
     * Starts a driver.
     *
     * @param file part of the name of a file: before such a one is written, the event happens
     */
    public static ChildDriver fineTune(FaultWorld world, String run, FaultyDriver.Event event, String file)
            throws IOException {
        return fineTune(world, run, event, file, Map.of());
    }

    /** The same with variables of the environment. */
    public static ChildDriver fineTune(
            FaultWorld world, String run, FaultyDriver.Event event, String file, Map<String, String> environment)
            throws IOException {
        Path recipe = Files.writeString(world.file(run + ".conf"), world.recipeText(run));
        Path output = world.file(run + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(TestCluster.modules().split(" ")));
        command.addAll(List.of("-Xmx768m", "-cp", TestCluster.classPath()));
        command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
        command.addAll(List.of("-Dspark.driver.host=127.0.0.1", "-Dspark.driver.bindAddress=127.0.0.1"));
        command.add("-Dspark.hadoop.fs.faulty.impl=io.sparkpeft.fault.disk.FaultyFileSystem");
        command.add("-Dlog4j2.configurationFile=file:" + LOGGING);
        command.addAll(List.of("-Dfaulty.event=" + event, "-Dfaulty.file=" + file));
        command.add("-Dfaulty.signals=" + world.file(run + "-signals"));
        command.addAll(List.of(FaultyDriver.class.getName(), "finetune", recipe.toString()));
        command.addAll(List.of("--output", FaultyFileSystem.uri(world.run(run))));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        // A test that fails must not leave a driver behind that waits for it.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ChildDriver(process, output);
    }

    /** Waits for its end and gives its exit code. */
    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    public String text() throws IOException {
        return Files.readString(output);
    }
}

package io.sparkpeft.clusters.daemon;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Spark standalone cluster: a master and two workers, a process each, started by {@code submit/standalone/daemon.sh}.
 * Each worker has a GPU as far as Spark can tell: what its discovery script says.
 */
public final class Standalone {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int WORKERS = 2;
    private static Standalone shared;

    private final Path directory;
    private final String master;

    private Standalone(Path directory) throws Exception {
        this.directory = directory;
        int port = freePort();
        this.master = "spark://127.0.0.1:" + port;
        start("master", List.of("master", "--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0"));
        awaitInLog("master", "I have been elected leader", 1);
        Path gpu = gpu();
        for (int w = 0; w < WORKERS; w++) {
            String name = "worker-" + w;
            Path work = directory.resolve(name);
            start(
                    name,
                    List.of(
                            "worker",
                            "--host",
                            "127.0.0.1",
                            "--webui-port",
                            "0",
                            "--cores",
                            "2",
                            "--memory",
                            "2g",
                            "--properties-file",
                            gpu.toString(),
                            "--work-dir",
                            work.toString(),
                            master));
        }
        awaitInLog("master", "Registering worker", WORKERS);
    }

    public static synchronized Standalone shared() throws Exception {
        if (shared == null) {
            shared = new Standalone(Directories.create("standalone"));
        }
        return shared;
    }

    /** Spark's master URL. */
    public String master() {
        return master;
    }

    /** Where the daemons log to and workers put what executors print. */
    public Path directory() {
        return directory;
    }

    /** Settings of a worker with one GPU. */
    private Path gpu() throws IOException {
        Path script = Files.writeString(directory.resolve("discover-gpus.sh"), """
                #!/usr/bin/env bash
                echo '{"name": "gpu", "addresses": ["0"]}'
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.writeString(directory.resolve("worker.properties"), """
                spark.worker.resource.gpu.amount 1
                spark.worker.resource.gpu.discoveryScript %s
                """.formatted(script));
    }

    private void start(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "submit/standalone/daemon.sh"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment()
                .putAll(Map.of(
                        "WITH",
                        "s3a",
                        "SPARK_DAEMON_MEMORY",
                        "256m",
                        "SPARK_DAEMON_JAVA_OPTS",
                        "",
                        "SPARK_LOCAL_IP",
                        "127.0.0.1"));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }));
    }

    private void awaitInLog(String name, String sentence, int times) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < deadline) {
            String text = Files.readString(log(name));
            if (text.split(sentence, -1).length > times) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IOException("Cannot start the cluster: %s".formatted(Files.readString(log(name))));
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

package io.sparkpeft.compute.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Libraries that stand in for the driver, NVRTC and cuBLAS, and compute with the emulator; and processes that find them
 * instead of CUDA's own.
 */
final class StandIns {
    private static final long MINUTES = 5;

    private static final List<String> NAMES =
            List.of("libcuda.so.1", "libcudart.so.13", "libnvrtc.so.13", "libcublasLt.so.13", "libcublas.so.13");

    private final Path directory;

    private StandIns(Path directory) {
        this.directory = directory;
    }

    static StandIns build(Path directory) throws IOException, InterruptedException {
        Said said = wait(new ProcessBuilder(
                "sh",
                "src/test/cpp/build.sh",
                "--standin",
                "src/main/resources/io/sparkpeft/compute/cuda/kernels",
                directory.toString()));
        if (said.code() != 0) {
            throw new IllegalStateException("Cannot build the stand-ins: " + said.output());
        }
        return new StandIns(directory);
    }

    /** Libraries without a function, which is enough to load the bindings, but for that of the compiler. */
    static StandIns empty(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        for (String name : NAMES) {
            if (!name.contains("nvrtc")) {
                String target = directory.resolve(name).toString();
                Said said = wait(new ProcessBuilder(
                        "g++", "-shared", "-Wl,-soname," + name, "-o", target, "-x", "c++", "/dev/null"));
                if (said.code() != 0) {
                    throw new IllegalStateException("Cannot build %s: %s".formatted(target, said.output()));
                }
            }
        }
        return new StandIns(directory);
    }

    /** What a process printed, and how it ended. */
    record Said(int code, String output) {}

    /** Runs a class of the tests on the stand-ins. */
    Said run(Map<String, String> environment, Map<String, String> properties, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        properties.forEach((name, value) -> command.add("-D%s=%s".formatted(name, value)));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LD_LIBRARY_PATH", directory.toString());
        // The bindings look into the folder of an installed CUDA first, unless a library of that name is there already.
        builder.environment()
                .put(
                        "LD_PRELOAD",
                        NAMES.stream()
                                .map(name -> directory.resolve(name).toAbsolutePath())
                                .map(Path::toString)
                                .collect(Collectors.joining(":")));
        builder.environment().putAll(environment);
        return wait(builder);
    }

    private static Said wait(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("Cannot wait any longer for %s: %s".formatted(builder.command(), output));
        }
        return new Said(process.exitValue(), output);
    }
}

package io.sparkpeft.fault.kernel;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.argument.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;

/**
 * The cpu backend as "held-gpu": as a GPU's backend it can be made in tasks alone that hold a GPU. Each of its losses is
 * written down with what Spark's job is for.
 */
public final class HeldGpuProvider implements BackendProvider {
    public static final String NAME = "held-gpu";
    public static final String SENTENCE = "Cannot use the kernels here: the task holds no GPU";
    /** Local property of Spark: the file that losses are written down in. */
    public static final String FILE = "sparkpeft.test.held-gpu";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean computesOnGpu() {
        return true;
    }

    @Override
    public Backend create() {
        return create(Optional.empty(), Precision.FLOAT32);
    }

    @Override
    public Backend create(Optional<String> gpu, Precision precision) {
        if (gpu.isEmpty()) {
            throw new UnusableDeviceException(SENTENCE);
        }
        Backend cpu = BackendProvider.create("cpu");
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("crossEntropy")) {
                            write(TaskContext.get());
                        }
                        return method.invoke(cpu, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void write(TaskContext task) {
        boolean holdsOne = task.resourcesJMap().containsKey("gpu");
        String line = "%s %s%n".formatted(holdsOne ? "held" : "free", task.getLocalProperty("spark.job.description"));
        try {
            Files.writeString(
                    Path.of(task.getLocalProperty(FILE)), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the jobs were for whose losses were computed, each once. */
    public static List<String> jobs(Path file) throws IOException {
        return Files.readAllLines(file).stream().distinct().sorted().toList();
    }
}

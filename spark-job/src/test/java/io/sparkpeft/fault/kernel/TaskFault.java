package io.sparkpeft.fault.kernel;

import io.sparkpeft.compute.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Something that goes wrong within a task: in the middle of a step, between forward and backward. It travels with the
 * job as a local property of Spark, so that an executor that was just started has it too.
 *
 * @param kind what goes wrong
 * @param round words of the job's description
 * @param shards in which it goes wrong
 * @param directory where a task that is held says so, and looks for leave to go on
 */
public record TaskFault(Kind kind, String round, Set<Integer> shards, Path directory) {
    private static final String PROPERTY = "sparkpeft.fault.";
    private static final String DESCRIPTION = "spark.job.description";

    /** What goes wrong. */
    public enum Kind {
        /** An exception, in the first attempt. */
        EXCEPTION,
        /** The first attempt stands still until it is let go on or killed. */
        HOLD,
        /** The loss is NaN, in every attempt. */
        NAN
    }

    /** Lets it go wrong in the jobs of this thread. */
    public void inject(JavaSparkContext context) {
        context.setLocalProperty(PROPERTY + "kind", kind.name());
        context.setLocalProperty(PROPERTY + "round", round);
        context.setLocalProperty(
                PROPERTY + "shards", shards.stream().map(String::valueOf).collect(Collectors.joining(",")));
        context.setLocalProperty(PROPERTY + "directory", directory.toString());
    }

    /** Lets nothing go wrong any more. */
    public static void clear(JavaSparkContext context) {
        for (String name : new String[] {"kind", "round", "shards", "directory"}) {
            context.setLocalProperty(PROPERTY + name, null);
        }
    }

    /** After the loss of a batch was computed. */
    static void afterLoss(float[] losses, Tensor gradient) {
        TaskContext task = TaskContext.get();
        if (task == null || task.getLocalProperty(PROPERTY + "kind") == null) {
            return;
        }
        TaskFault fault = of(task);
        if (fault.concerns(task)) {
            fault.happen(task, losses);
        }
    }

    private static TaskFault of(TaskContext task) {
        Properties properties = new Properties();
        for (String name : new String[] {"kind", "round", "shards", "directory"}) {
            properties.setProperty(name, task.getLocalProperty(PROPERTY + name));
        }
        return new TaskFault(
                Kind.valueOf(properties.getProperty("kind").toUpperCase(Locale.ROOT)),
                properties.getProperty("round"),
                Stream.of(properties.getProperty("shards").split(",", -1))
                        .map(Integer::valueOf)
                        .collect(Collectors.toSet()),
                Path.of(properties.getProperty("directory")));
    }

    private boolean concerns(TaskContext task) {
        return shards.contains(task.partitionId())
                && (kind == Kind.NAN || task.attemptNumber() == 0)
                && String.valueOf(task.getLocalProperty(DESCRIPTION)).contains(round);
    }

    private void happen(TaskContext task, float[] losses) {
        switch (kind) {
            case EXCEPTION -> throw new IllegalStateException("a fault that the test injected");
            case NAN -> losses[0] = Float.NaN;
            case HOLD -> hold(task);
        }
    }

    private void hold(TaskContext task) {
        Path leave = directory.resolve("go-on");
        if (Files.exists(leave)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            String who = ProcessHandle.current().pid() + " " + SparkEnv.get().executorId();
            Path aside = Files.writeString(directory.resolve("." + task.partitionId()), who);
            Files.move(aside, directory.resolve("held-" + task.partitionId()));
            while (!Files.exists(leave)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the task was killed while it was held", e);
        }
    }
}

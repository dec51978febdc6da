package io.sparkpeft.spark;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the sentence that a task failed with in what Spark throws at the driver. Spark may hand the driver a task's
 * exception only as the text of its stack trace, so a task that wants to be understood marks its sentence.
 */
public final class TaskFailure {
    private static final String FORM = "[spark-peft %s] %s [end]";
    private static final Pattern MARKED = Pattern.compile("\\[spark-peft ([A-Z]+)\\] (.*?) \\[end\\]", Pattern.DOTALL);

    private TaskFailure() {}

    /** An exception whose message reaches the user as it is. */
    public static RuntimeException sentence(FailureKind kind, String message, Throwable cause) {
        return new IllegalStateException(FORM.formatted(kind, message), cause);
    }

    /** What a task throws that lacks memory: done again with as little, it fails again. */
    public static RuntimeException memory(OutOfMemoryError error) {
        RuntimeException failure = sentence(
                FailureKind.CONFIG,
                "Cannot go on: memory of a task is exhausted (%s); give executors more, by OFF_HEAP what lies outside"
                                .formatted(error.getMessage())
                        + " the heap, or lower train.micro-batch-tokens",
                null);
        // As the cause it would make Spark end the executor, and the driver hear of a lost executor alone.
        failure.addSuppressed(error);
        return failure;
    }

    /** The sentence that a task threw, else the exception itself. */
    static RuntimeException unwrap(Exception failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            Matcher marked = MARKED.matcher(String.valueOf(t.getMessage()));
            if (marked.find()) {
                return new JobException(FailureKind.valueOf(marked.group(1)), marked.group(2), failure);
            }
        }
        return failure instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException("Cannot finish a Spark job: " + firstLine(failure), failure);
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}

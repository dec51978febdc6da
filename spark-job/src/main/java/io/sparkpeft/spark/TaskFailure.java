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

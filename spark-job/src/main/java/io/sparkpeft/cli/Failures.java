package io.sparkpeft.cli;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.SparkException;

/** Says of any failure whose fault it is. */
final class Failures {
    private Failures() {}

    /** The failure as a sentence with an exit code: the outermost cause that has one. */
    static JobException explain(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            FailureKind kind = kind(t);
            if (kind != FailureKind.INTERNAL && t.getMessage() != null) {
                return t instanceof JobException known ? known : new JobException(kind, message(t), failure);
            }
        }
        return new JobException(FailureKind.INTERNAL, "Cannot go on: " + failure, failure);
    }

    /** The message; that of the cause where there are no words but the cause's. */
    private static String message(Throwable t) {
        Throwable cause = t.getCause();
        return cause != null && cause.getMessage() != null && t.getMessage().equals(cause.toString())
                ? message(cause)
                : t.getMessage();
    }

    private static FailureKind kind(Throwable t) {
        if (t instanceof JobException known) {
            return known.kind();
        }
        if (t instanceof DatasetException dataset) {
            return dataset.kind() == DatasetException.Kind.CONFIG ? FailureKind.CONFIG : FailureKind.INPUT;
        }
        if (t instanceof FileNotFoundException || t instanceof java.nio.file.NoSuchFileException) {
            return FailureKind.INPUT;
        }
        if (t instanceof UncheckedIOException unchecked) {
            return kind(unchecked.getCause());
        }
        if (t instanceof IOException || t instanceof SparkException || t instanceof InterruptedException) {
            return FailureKind.RETRYABLE;
        }
        if (t instanceof IllegalArgumentException && isSentence(t.getMessage())) {
            return FailureKind.CONFIG;
        }
        return FailureKind.INTERNAL;
    }

    private static boolean isSentence(String message) {
        return message != null && (message.startsWith("Cannot ") || message.startsWith("Invalid "));
    }
}

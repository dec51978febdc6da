package io.sparkpeft.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.delta.DeltaFormatException;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.safetensors.CheckpointException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.function.Function;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;

/** Says of any failure whose fault it is. */
final class Failures {
    private Failures() {}

    /**
     * The failure as a sentence with an exit code: that of the program's own failure that is among the causes, since
     * Spark wraps what tasks throw, else that of the outermost failure that is known.
     */
    static JobException explain(Throwable failure) {
        JobException own = find(failure, Failures::ownKind);
        return own.kind() == FailureKind.INTERNAL ? find(failure, Failures::foreignKind) : own;
    }

    private static JobException find(Throwable failure, Function<Throwable, FailureKind> kindOf) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            FailureKind kind = kindOf.apply(t);
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

    private static FailureKind ownKind(Throwable t) {
        if (t instanceof JobException known) {
            return known.kind();
        }
        if (t instanceof DatasetException dataset) {
            return switch (dataset.kind()) {
                case CONFIG -> FailureKind.CONFIG;
                case INPUT -> FailureKind.INPUT;
                case STORAGE -> FailureKind.RETRYABLE;
            };
        }
        if (t instanceof UnusableDeviceException) {
            return FailureKind.CONFIG;
        }
        if (t instanceof CheckpointException || t instanceof DeltaFormatException) {
            return FailureKind.INPUT;
        }
        return t instanceof IllegalArgumentException && isSentence(t.getMessage())
                ? FailureKind.CONFIG
                : FailureKind.INTERNAL;
    }

    private static FailureKind foreignKind(Throwable t) {
        if (t instanceof JsonProcessingException) {
            // An IOException, but of a file that this program wrote: trying again does not help.
            return FailureKind.INTERNAL;
        }
        if (t instanceof UncheckedIOException unchecked) {
            return foreignKind(unchecked.getCause());
        }
        if (t instanceof FileNotFoundException || t instanceof NoSuchFileException || t instanceof AnalysisException) {
            return FailureKind.INPUT;
        }
        if (t instanceof SparkException && ProgramFault.isToldBy(String.valueOf(t.getMessage()))) {
            return FailureKind.INTERNAL;
        }
        if (t instanceof IOException || t instanceof SparkException || t instanceof InterruptedException) {
            return FailureKind.RETRYABLE;
        }
        return FailureKind.INTERNAL;
    }

    private static boolean isSentence(String message) {
        return message != null && (message.startsWith("Cannot ") || message.startsWith("Invalid "));
    }
}

package io.sparkpeft.spark;

/**
 * Finds the sentence that a task failed with in what Spark throws at the driver. Spark hands the driver a task's
 * exception as the text of its stack trace, so a task that wants to be understood throws one whose message starts with
 * {@link #MARK}.
 */
public final class TaskFailure {
    /** Starts a message that is meant for the user, wherever it was thrown. */
    private static final String MARK = "[spark-peft] ";

    private TaskFailure() {}

    /** An exception whose message reaches the user as it is. */
    public static RuntimeException sentence(String message, Throwable cause) {
        return new IllegalStateException(MARK + message + " [end]", cause);
    }

    /** The sentence that a task threw, else the exception itself. */
    static RuntimeException unwrap(RuntimeException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            int start = message.indexOf(MARK);
            int end = message.indexOf(" [end]", Math.max(0, start));
            if (start >= 0 && end >= 0) {
                return new TaskFailedException(message.substring(start + MARK.length(), end), failure);
            }
        }
        return failure;
    }
}

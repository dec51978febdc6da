package io.sparkpeft.failure;

/** Ends a command with one sentence for its user and an exit code. */
public class JobException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    /** @param message one sentence: "Cannot do this: why" or "Invalid what: value", with values and place */
    public JobException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public JobException(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static JobException config(String message) {
        return new JobException(FailureKind.CONFIG, message);
    }

    public static JobException input(String message) {
        return new JobException(FailureKind.INPUT, message);
    }

    public FailureKind kind() {
        return kind;
    }
}

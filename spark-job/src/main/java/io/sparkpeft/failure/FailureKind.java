package io.sparkpeft.failure;

/** Why a command ends without its result, as the exit code tells it to a script or a scheduler. */
public enum FailureKind {
    /** A fault in the program itself. */
    INTERNAL(1),
    /** The recipe, an option or the run directory does not allow what is asked: changing nothing, it fails again. */
    CONFIG(2),
    /** Input is missing, unreadable or malformed. */
    INPUT(3),
    /** The run is done, but what it made does not meet the recipe's limits. */
    GATE(4),
    /** The cluster or the storage failed: started again, the run resumes. */
    RETRYABLE(75);

    private final int exitCode;

    FailureKind(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}

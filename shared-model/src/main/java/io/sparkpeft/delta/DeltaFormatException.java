package io.sparkpeft.delta;

/** A delta or mask file that cannot be used; the message is one sentence. */
public final class DeltaFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public DeltaFormatException(String message) {
        super(message);
    }

    /** @param offset first byte of the damaged part */
    static DeltaFormatException damaged(String source, long offset, String why) {
        return new DeltaFormatException("Cannot read %s: it is damaged at byte %d: %s".formatted(source, offset, why));
    }
}

package io.sparkpeft.datasets;

import io.sparkpeft.datasets.io.Patience;

/** Data that cannot be used as asked. The message is one sentence fit for the console. */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Kind {
        /** What was asked for makes no sense: a setting has to change. */
        CONFIG,
        /** The input is missing, unreadable or malformed: the data has to change. */
        INPUT,
        /** The storage failed, though it was asked again and again: nothing has to change but the storage. */
        STORAGE
    }

    private final Kind kind;

    private DatasetException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static DatasetException config(String message, Object... arguments) {
        return new DatasetException(Kind.CONFIG, message.formatted(arguments), null);
    }

    public static DatasetException input(String message, Object... arguments) {
        return new DatasetException(Kind.INPUT, message.formatted(arguments), null);
    }

    /** Input that could not be read, because of itself or of where it lies; the cause's words end the sentence. */
    public static DatasetException unreadable(String what, Throwable cause) {
        Kind kind = Patience.mayPass(cause) ? Kind.STORAGE : Kind.INPUT;
        return new DatasetException(kind, "Cannot read %s: %s".formatted(what, why(cause)), cause);
    }

    /** Prepared data that the storage did not take; the cause's words end the sentence. */
    public static DatasetException unwritable(String what, Throwable cause) {
        return new DatasetException(Kind.STORAGE, "Cannot write %s: %s".formatted(what, why(cause)), cause);
    }

    private static String why(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    public Kind kind() {
        return kind;
    }
}

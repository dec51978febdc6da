package io.sparkpeft.model.safetensors;

import java.io.IOException;

/** A checkpoint that cannot be used. The message is one sentence that names the file and what is wrong with it. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}

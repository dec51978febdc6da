package io.sparkpeft.compute.cuda.device;

/** A GPU cannot be used, or not for this; the message is a sentence that says why. */
public final class DeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}

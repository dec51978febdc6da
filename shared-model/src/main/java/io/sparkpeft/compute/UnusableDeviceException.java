package io.sparkpeft.compute;

/** A backend's device is missing or not one that it can use; the message is a sentence that says why. */
public final class UnusableDeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public UnusableDeviceException(String message) {
        super(message);
    }

    public UnusableDeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.sparkpeft.compute.nd4j.cuda;

/** ND4J's CUDA kernels cannot run here; the message is a sentence that says why. */
public final class UnusableDeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public UnusableDeviceException(String message) {
        super(message);
    }

    public UnusableDeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}

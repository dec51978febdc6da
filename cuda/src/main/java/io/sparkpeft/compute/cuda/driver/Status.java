package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.DeviceException;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** What the libraries' functions return, as errors that say what was tried. */
final class Status {
    private Status() {}

    /**
     * Of the driver's functions.
     *
     * @param what was tried: the rest of "Cannot …"
     * @throws DeviceException if it failed
     */
    static void driver(String what, int code) {
        if (code != cudart.CUDA_SUCCESS) {
            throw failure(what, driverText(code));
        }
    }

    /** Of cuBLAS's functions. */
    static void products(String what, int code) {
        if (code != cublas.CUBLAS_STATUS_SUCCESS) {
            throw failure(what, cublas.cublasGetStatusString(code).getString());
        }
    }

    /** Of NVRTC's functions. */
    static void compiler(String what, int code) {
        if (code != nvrtc.NVRTC_SUCCESS) {
            throw failure(what, nvrtc.nvrtcGetErrorString(code).getString());
        }
    }

    private static DeviceException failure(String what, String why) {
        return new DeviceException("Cannot %s: %s".formatted(what, why));
    }

    /** What a library wrote into memory, as far as its first zero. */
    static String text(BytePointer memory) {
        String all = memory.getString();
        int end = all.indexOf('\0');
        return end < 0 ? all : all.substring(0, end);
    }

    private static String driverText(int code) {
        try (PointerPointer<BytePointer> name = new PointerPointer<>(1);
                PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
            boolean known = cudart.cuGetErrorName(code, name) == cudart.CUDA_SUCCESS
                    && cudart.cuGetErrorString(code, text) == cudart.CUDA_SUCCESS;
            return known
                    ? "%s (%s)"
                            .formatted(
                                    text.get(BytePointer.class, 0).getString(),
                                    name.get(BytePointer.class, 0).getString())
                    : "error " + code + " of the driver";
        }
    }
}

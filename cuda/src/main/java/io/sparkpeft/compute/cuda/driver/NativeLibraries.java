package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.DeviceException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.javacpp.Loader;

/** Loads the bindings, which link to the driver and to CUDA's libraries as the machine has them. */
final class NativeLibraries {
    private static final Pattern MISSING = Pattern.compile("(lib[\\w-]+\\.so[.\\d]*): cannot open shared object file");

    /** Why they do not load: a second attempt would not be told. */
    private static Optional<DeviceException> failure = Optional.empty();

    private NativeLibraries() {}

    /**
     * Loads all three: driver, compiler and matrix products.
     *
     * @throws DeviceException that names the file that was looked for
     */
    static synchronized void load() {
        if (failure.isPresent()) {
            throw new DeviceException(failure.get().getMessage(), failure.get());
        }
        load("the driver and the CUDA runtime", cudart.class);
        load("the compiler NVRTC", nvrtc.class);
        load("cuBLAS", cublas.class);
    }

    private static void load(String what, Class<?> bindings) {
        try {
            Loader.load(bindings);
        } catch (LinkageError e) {
            String path = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
            failure = Optional.of(new DeviceException(sentence(what, e, path), e));
            throw failure.get();
        }
    }

    /** What is missing, by the linker's own words where they name a file. */
    static String sentence(String what, Throwable error, String path) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            Matcher file = MISSING.matcher(String.valueOf(cause.getMessage()));
            if (file.find()) {
                return "Cannot compute on a GPU: %s of %s is not found (LD_LIBRARY_PATH is \"%s\"; libcuda.so.1 comes with the driver, the others with CUDA 13)"
                        .formatted(file.group(1), what, path);
            }
        }
        return "Cannot compute on a GPU: the bindings of %s do not load (%s)".formatted(what, error.getMessage());
    }
}

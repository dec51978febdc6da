package io.sparkpeft.compute.cuda.emulator;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The module's kernels, compiled for the processor by g++, as a library in this process. */
final class Emulator {
    private static final Path KERNELS = Path.of("src/main/resources/io/sparkpeft/compute/cuda/kernels");
    private static final Path SCRIPT = Path.of("src/test/cpp/build.sh");
    private static final Optional<String> MISSING = whyMissing();

    private Emulator() {}

    /** Why there is no emulator; empty where there is. */
    static Optional<String> missing() {
        return MISSING;
    }

    /** The functions of the library; built and loaded when first asked for. */
    static Functions functions() {
        return Loaded.FUNCTIONS;
    }

    private static final class Loaded {
        static final Functions FUNCTIONS = load();
    }

    /** What the library offers; see the sources beside {@code build.sh}. */
    interface Functions extends Library {
        int emulator_launch(String kernel, int[] grid, int[] block, long[] slots, int count);

        void emulator_gemm(
                int transposeA,
                int transposeB,
                int m,
                int n,
                int k,
                float alpha,
                Pointer a,
                int leadingA,
                Pointer b,
                int leadingB,
                float beta,
                Pointer c,
                int leadingC,
                int bfloat16);

        int emulator_kernel_count();

        String emulator_kernel_name(int kernel);

        String emulator_signature(String kernel);

        String emulator_message();

        void emulator_order(int order);
    }

    private static Optional<String> whyMissing() {
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        try {
            int code = new ProcessBuilder(compiler, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            return code == 0 ? Optional.empty() : Optional.of("%s --version ended with %d".formatted(compiler, code));
        } catch (IOException e) {
            return Optional.of("there is no C++ compiler here (%s)".formatted(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot look for a C++ compiler: interrupted", e);
        }
    }

    private static Functions load() {
        try {
            Path library = Files.createTempDirectory("emulator").resolve("kernels.so");
            library.toFile().deleteOnExit();
            library.getParent().toFile().deleteOnExit();
            Process build = new ProcessBuilder("sh", SCRIPT.toString(), KERNELS.toString(), library.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (build.waitFor() != 0) {
                throw new IllegalStateException("Cannot build the emulator: " + said);
            }
            return Native.load(library.toAbsolutePath().toString(), Functions.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot build the emulator", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot build the emulator: interrupted", e);
        }
    }
}

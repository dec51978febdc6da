package io.sparkpeft.compute.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The CUDA sources of this module, in one text. */
final class KernelSource {
    private static final String DIRECTORY = "/io/sparkpeft/compute/cuda/kernels/";
    private static final String LIST = "kernels.list";

    private KernelSource() {}

    /** All files that the list names, in its order; lines are counted by file. */
    static String text() {
        StringBuilder text = new StringBuilder();
        read(LIST).lines().filter(name -> !name.isBlank()).forEach(name -> text.append("#line 1 \"")
                .append(name)
                .append("\"\n")
                .append(read(name))
                .append('\n'));
        return text.toString();
    }

    private static String read(String name) {
        try (InputStream in = KernelSource.class.getResourceAsStream(DIRECTORY + name)) {
            if (in == null) {
                throw new IllegalStateException("Cannot read the kernels: %s is not in the jar".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the kernels: " + name, e);
        }
    }
}

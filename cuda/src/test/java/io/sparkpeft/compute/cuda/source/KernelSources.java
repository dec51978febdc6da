package io.sparkpeft.compute.cuda.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kernels as they lie in this module. */
final class KernelSources {
    static final Path DIRECTORY = Path.of("src/main/resources/io/sparkpeft/compute/cuda/kernels");
    static final Path BUILD_SCRIPT = Path.of("src/test/cpp/build.sh");

    private static final Pattern KERNEL = Pattern.compile(
            "^extern \"C\" __global__ void __launch_bounds__\\([\\d, ]+\\) (\\w+)\\(", Pattern.MULTILINE);

    private KernelSources() {}

    /** All files as one, each after a line that names it to the compiler. */
    static String joined() throws IOException {
        StringBuilder joined = new StringBuilder();
        for (String file : files()) {
            joined.append("#line 1 \"%s\"%n".formatted(file)).append(Files.readString(DIRECTORY.resolve(file)));
        }
        return joined.toString();
    }

    static List<String> files() throws IOException {
        return Files.readAllLines(DIRECTORY.resolve("kernels.list"));
    }

    /** Names of the kernels in a source. */
    static TreeSet<String> kernels(String source) {
        return KERNEL.matcher(source)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

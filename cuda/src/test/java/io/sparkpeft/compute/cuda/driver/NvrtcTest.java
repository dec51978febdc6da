package io.sparkpeft.compute.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernels by the compiler that compiles them where there is a card, which is not needed for that: NVRTC refuses some of
 * what nvcc takes. Skipped where its library is neither on the library path nor where CUDA is installed.
 */
@NeedsEmulator
class NvrtcTest {
    private static final String LIBRARY = "libnvrtc.so.13";

    @Test
    void itCompilesTheKernelsAndTellsErrors(@TempDir Path directory) throws IOException, InterruptedException {
        Optional<Path> nvrtc = nvrtc();
        assumeTrue(nvrtc.isPresent(), "NvrtcTest skipped: there is no " + LIBRARY);
        String path = "%s:%s".formatted(nvrtc.orElseThrow().getParent(), directory);
        StandIns.Said said = StandIns.empty(directory)
                .run(Map.of("LD_LIBRARY_PATH", path, "LD_PRELOAD", ""), Map.of(), NvrtcProbe.class);
        assertThat(said.output())
                .contains("sm_75: ELF", "sm_80: ELF", "sm_90: ELF")
                .contains("error: Cannot compile the kernels for compute capability 7.5: NVRTC_ERROR_COMPILATION")
                .contains("identifier \"x\" is undefined");
    }

    private static Optional<Path> nvrtc() {
        String path = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/local/cuda/lib64"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, LIBRARY))
                .filter(Files::exists)
                .findFirst();
    }
}

package io.sparkpeft.compute.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code that calls CUDA, in processes of its own, on libraries that stand in for CUDA's: all but what a card itself
 * does.
 */
@NeedsEmulator
class CudaDriverTest {
    private static final String CONTRACT = "io.sparkpeft.compute.contract.";

    @TempDir
    private static Path directory;

    private static StandIns standIns;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        standIns = StandIns.build(directory.resolve("libraries"));
    }

    @Test
    void theLawsHoldThroughTheDriver() throws IOException, InterruptedException {
        StandIns.Said said = standIns.run(
                Map.of(),
                Map.of("contract.backends", "cuda", "sparkpeft.cuda.cache", cache("laws")),
                DriverRun.class,
                CONTRACT + "IndexContractTest",
                CONTRACT + "LinearContractTest",
                CONTRACT + "LossContractTest",
                CONTRACT + "MaskVectorsContractTest");
        assertThat(said.output()).containsPattern("passed [3-9]\\d failed 0");
    }

    private static String rounds(Map<String, String> environment, int threads)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("STANDIN_TELL", "1");
        return standIns.run(
                        all,
                        Map.of("sparkpeft.cuda.cache", cache("graphs"), "sparkpeft.cuda.memory", "512m"),
                        GraphProbe.class,
                        Integer.toString(threads))
                .output();
    }

    @Test
    void graphsChangeNoBit() throws IOException, InterruptedException {
        assertThat(rounds(Map.of(), 1))
                .contains("rounds 1 of other bits 0")
                .containsPattern("graphs made [2-8] launched [12]\\d left 0, captures that failed 0");
    }

    @Test
    void backendsOfOneContextCaptureSideBySide() throws IOException, InterruptedException {
        assertThat(rounds(Map.of(), 3))
                .contains("rounds 3 of other bits 0")
                .containsPattern("graphs made \\d+ launched [4-9]\\d left 0, captures that failed 0");
    }

    @Test
    void whatTheDriverDoesNotCaptureIsAskedForOneByOne() throws IOException, InterruptedException {
        assertThat(rounds(Map.of("STANDIN_CAPTURE", "refused"), 1))
                .contains("rounds 1 of other bits 0")
                .containsPattern("graphs made 0 launched 0 left 0, captures that failed [2-8]\\b")
                .containsPattern("Cannot capture a stream: .*CUDA_ERROR_STREAM_CAPTURE_INVALIDATED.* one by one");
    }

    private static String cache(String name) {
        return directory.resolve(name).toString();
    }

    private static String probe(Map<String, String> environment, String gpu, String precision, int rows)
            throws IOException, InterruptedException {
        return standIns.run(
                        environment,
                        Map.of("sparkpeft.cuda.cache", cache("cache"), "sparkpeft.cuda.memory", "256m"),
                        DriverProbe.class,
                        gpu,
                        precision,
                        Integer.toString(rows))
                .output();
    }

    @Test
    void devicesAreDescribedAndChosen() throws IOException, InterruptedException {
        String first = probe(Map.of(), "", "FLOAT32", 1);
        assertThat(first)
                .contains("missing: nothing")
                .contains(
                        "description: Stand-in without a card (GPU 0, compute capability 9.0, 1024 MiB, 4 multiprocessors), Stand-in without a card (GPU 1, ")
                .contains("product: 7.1")
                .contains("allocated");
        assertThat(probe(Map.of(), "1", "FLOAT32", 1)).contains("product: 7.1");
        assertThat(probe(Map.of(), "5", "FLOAT32", 1))
                .containsPattern("error: Cannot compute on GPU 5: the driver lists \\[0 \\(GPU-[0-9a-f-]{36}\\), 1");
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("sm_90")))
                    .singleElement()
                    .asString()
                    .matches("sm_90-[0-9a-f]{64}\\.cubin");
        }
    }

    /** The driver refuses pitches above 2³¹ − 1 bytes, to which a vector of 2²⁹ floats would come. */
    @Test
    void rowsMayBeLongerThanThePitchThatTheDriverAllows() throws IOException, InterruptedException {
        assertThat(probe(Map.of("STANDIN_MAX_PITCH", "20000000"), "", "FLOAT32", 1))
                .contains("end of a long row: 7.0");
    }

    @Test
    void damagedMachineCodeIsCompiledAnew() throws IOException, InterruptedException {
        assertThat(probe(Map.of(), "", "FLOAT32", 1)).contains("product: 7.1");
        try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "no machine code");
            }
        }
        assertThat(probe(Map.of(), "", "FLOAT32", 1)).contains("product: 7.1");
        assertThat(probe(Map.of(), "", "FLOAT32", 1)).contains("product: 7.1");
    }

    @Test
    void shortNumbersReachTheProducts() throws IOException, InterruptedException {
        assertThat(probe(Map.of(), "", "TF32", 1)).contains("product: 7.");
        assertThat(probe(Map.of(), "", "BF16", 1)).contains("product: 7.0976562");
        assertThat(probe(Map.of("STANDIN_CAPABILITY", "7.5"), "", "BF16", 1))
                .contains("error: Cannot compute in BF16 on ")
                .contains("compute capability 8.0 or newer is needed");
    }

    @Test
    void whatCannotBeUsedIsSaidInASentence() throws IOException, InterruptedException {
        assertThat(probe(Map.of("STANDIN_CAPABILITY", "7.0"), "", "FLOAT32", 1))
                .containsPattern("error: Cannot compute on .* CUDA 13 compiles for compute capability 7.5 and newer");
        assertThat(probe(Map.of("STANDIN_DEVICES", "0"), "", "FLOAT32", 1))
                .containsPattern("missing: Cannot start the CUDA driver: .*CUDA_ERROR_NO_DEVICE");
        assertThat(probe(Map.of(), "", "FLOAT32", 100))
                .containsPattern(
                        "error: Cannot allocate 419430400 bytes on .* of 268435456 are held \\(the limit is set by -Dsparkpeft.cuda.memory\\)");
    }
}

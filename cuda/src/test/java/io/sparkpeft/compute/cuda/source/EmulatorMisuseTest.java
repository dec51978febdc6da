package io.sparkpeft.compute.cuda.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The emulator finds the errors of kernels that have them, and none in the same kernels without. */
class EmulatorMisuseTest {
    private static final int THREADS = 64;
    private static final int MISUSED = 4;

    @TempDir
    static Path directory;

    private static Emulator emulator;

    /** What of the emulator is called here. */
    interface Emulator extends Library {
        int emulator_launch(String kernel, int[] grid, int[] block, long[] slots, int count);

        String emulator_message();

        void emulator_order(int order);
    }

    @BeforeAll
    static void build() {
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        assumeTrue(Tool.exists(compiler), compiler + " is not installed: there is no emulator");
        Path library = directory.resolve("faulty.so").toAbsolutePath();
        Tool build = Tool.run("sh", KernelSources.BUILD_SCRIPT.toString(), "src/test/cpp/faulty", library.toString());
        assertThat(build.code()).as(build.output()).isZero();
        emulator = Native.load(library.toString(), Emulator.class);
    }

    @ParameterizedTest
    @CsvSource({
        "half_waits, a block waits at",
        "waits_apart, a block waits at faulty.cu",
        "part_of_a_warp, a warp waits at",
        "masked, shuffle of a part of a warp",
    })
    void barriersThatNotAllReachAreNamed(String kernel, String message) {
        assertThat(launch(kernel, 0, 0).code()).isZero();
        assertThat(launch(kernel, 1, 0).code()).isEqualTo(MISUSED);
        assertThat(emulator.emulator_message()).startsWith(kernel + ": ").contains(message);
        assertThat(launch(kernel, 0, 0).code()).as("after a failure").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"races", "blocks_depend"})
    void whatDependsOnTheOrderHasOtherBitsInAnother(String kernel) {
        assertThat(launch(kernel, 0, 1).numbers())
                .isEqualTo(launch(kernel, 0, 0).numbers());
        assertThat(launch(kernel, 1, 1).numbers())
                .isNotEqualTo(launch(kernel, 1, 0).numbers());
    }

    @Test
    void sharedMemoryThatNobodyWroteIsNaN() {
        assertThat(launch("reads_unwritten", 0, 0).numbers()).containsOnly(1f);
        assertThat(launch("reads_unwritten", 1, 0).numbers()[0]).isNaN();
    }

    @Test
    void launchesThatNoCardTakesAreRefused() {
        long[] slots = {0, 0};
        assertThat(emulator.emulator_launch("nobody", grid(1), grid(1), slots, 2))
                .isEqualTo(1);
        assertThat(emulator.emulator_launch("races", grid(1), grid(1), slots, 1))
                .isEqualTo(2);
        assertThat(emulator.emulator_launch("races", grid(1), grid(THREADS + 1), slots, 2))
                .isEqualTo(3);
        assertThat(emulator.emulator_launch("races", new int[] {1, 65536, 1}, grid(THREADS), slots, 2))
                .isEqualTo(3);
        assertThat(emulator.emulator_launch("races", grid(0), grid(THREADS), slots, 2))
                .isEqualTo(3);
    }

    private record Launch(int code, float[] numbers) {}

    /** Two blocks, in an order of the emulator. */
    private static Launch launch(String kernel, int wrong, int order) {
        try (Memory target = new Memory((long) THREADS * Float.BYTES)) {
            target.clear();
            emulator.emulator_order(order);
            long[] slots = {Pointer.nativeValue(target), wrong};
            int code = emulator.emulator_launch(kernel, grid(2), grid(THREADS), slots, slots.length);
            emulator.emulator_order(0);
            return new Launch(code, target.getFloatArray(0, THREADS));
        }
    }

    private static int[] grid(int x) {
        return new int[] {x, 1, 1};
    }
}

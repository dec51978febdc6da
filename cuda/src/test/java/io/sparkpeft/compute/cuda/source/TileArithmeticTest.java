package io.sparkpeft.compute.cuda.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.sparkpeft.random.CounterRandom;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tiles have the accuracy of float both ways that they are multiplied: on tensor cores, which the emulator cuts sums off like
 * a card, and without them.
 */
class TileArithmeticTest {
    private static final int ROWS = 70;
    private static final int COLUMNS = 90;
    /** Of an entry, in units of the square root of the depth: products are normal, and a float has 24 bits. */
    private static final double ALLOWED = 4e-6;

    @TempDir
    Path directory;

    /** What of the emulator is called here. */
    interface Emulator extends Library {
        int emulator_launch(String kernel, int[] grid, int[] block, long[] slots, int count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"750", "800"})
    void squaresOfProductsAreThoseOfDoubles(String architecture) {
        String compiler = System.getenv().getOrDefault("CXX", "g++");
        assumeTrue(Tool.exists(compiler), compiler + " is not installed: there is no emulator");
        String library = directory.resolve("kernels-" + architecture + ".so").toString();
        String script = "EMULATED_ARCHITECTURE=%s sh %s %s %s"
                .formatted(architecture, KernelSources.BUILD_SCRIPT, KernelSources.DIRECTORY, library);
        Tool build = Tool.run("sh", "-c", script);
        assertThat(build.code()).as(build.output()).isZero();
        Emulator emulator = Native.load(library, Emulator.class);
        for (int depth : new int[] {1, 7, 40, 500}) {
            float[] left = normals(1, depth * ROWS);
            float[] right = normals(2, depth * COLUMNS);
            float[] squares = squares(emulator, depth, left, right);
            for (int i = 0; i < squares.length; i++) {
                double exact = Math.abs(product(depth, left, i / COLUMNS, right, i % COLUMNS));
                assertThat(Math.abs(Math.sqrt(squares[i]) - exact) / Math.sqrt(depth))
                        .as("entry %d of depth %d", i, depth)
                        .isLessThan(ALLOWED);
            }
        }
    }

    private static float[] squares(Emulator emulator, int depth, float[] left, float[] right) {
        try (Memory bounds = new Memory(2L * Integer.BYTES);
                Memory a = memory(left);
                Memory b = memory(right);
                Memory target = memory(new float[ROWS * COLUMNS])) {
            bounds.write(0, new int[] {0, depth}, 0, 2);
            long[] slots = {
                1,
                Pointer.nativeValue(bounds),
                ROWS,
                COLUMNS,
                Pointer.nativeValue(a),
                ROWS,
                Pointer.nativeValue(b),
                COLUMNS,
                Pointer.nativeValue(target),
                COLUMNS
            };
            int code = emulator.emulator_launch(
                    "squared_products", new int[] {2, 2, 1}, new int[] {16, 16, 1}, slots, slots.length);
            assertThat(code).isZero();
            return target.getFloatArray(0, ROWS * COLUMNS);
        }
    }

    private static double product(int depth, float[] left, int row, float[] right, int column) {
        double sum = 0;
        for (int k = 0; k < depth; k++) {
            sum += (double) left[k * ROWS + row] * right[k * COLUMNS + column];
        }
        return sum;
    }

    private static Memory memory(float[] values) {
        Memory memory = new Memory((long) values.length * Float.BYTES);
        memory.write(0, values, 0, values.length);
        return memory;
    }

    private static float[] normals(long key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) CounterRandom.normal(key, i);
        }
        return values;
    }
}

package io.sparkpeft.compute.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.DeviceTensors;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import io.sparkpeft.compute.cuda.memory.Transfers;
import io.sparkpeft.compute.cuda.memory.Workspace;
import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.random.CounterRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Floats become the nearest numbers of 16 bits, however they lie. */
@NeedsEmulator
class RoundingKernelTest {
    /** Ties to both sides, what rounds beyond the largest, the least numbers, and what is no number. */
    private static final int[] SPECIAL = {
        0x3F808000, 0x3F818000, 0xBF808000, 0x3F808001, 0x3F817FFF, 0x7F7FFFFF, 0x7F7F7FFF, 0xFF7F8000, 0x00000001,
        0x00008000, 0x00018000, 0x80000000, 0x007FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x7F800001, 0xFFFFFFFF,
        0xFF80FFFF
    };

    private final MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 64 << 20);

    private static float value(int index) {
        if (index % 3 == 0) {
            return Float.intBitsToFloat(SPECIAL[index / 3 % SPECIAL.length]);
        }
        return (float) CounterRandom.normal(5, index);
    }

    private static void requireNearest(short found, float value) {
        float rounded = Float.intBitsToFloat(found << 16);
        if (Float.isNaN(value)) {
            assertThat(rounded).isNaN();
        } else {
            assertThat(Float.floatToRawIntBits(rounded)).isEqualTo(Float.floatToRawIntBits(Bfloat16.round(value)));
        }
    }

    /** Eight at a time, and where rows have another length, or start elsewhere, one at a time. */
    @ParameterizedTest
    @CsvSource({"1, 8, 0", "1, 5000, 0", "37, 64, 0", "37, 64, 8", "37, 60, 0", "37, 61, 0", "37, 64, 1", "1, 40, 1"})
    void everyNumberIsTheNearest(int rows, int columns, int firstColumn) {
        try (Workspace work = Workspace.of(new EmulatedDevice(), budget)) {
            CudaTensor source = new DeviceTensors(work)
                    .allocate(rows, columns + firstColumn)
                    .view(0, firstColumn, rows, columns);
            float[] values = new float[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(i);
            }
            new Transfers(work.staging()).upload(values, 0, source);
            int stride = Launcher.ceil(columns, 8) * 8;
            long target = work.arena().allocate((long) Short.BYTES * rows * stride);
            new Launcher(work.device())
                    .octets("round_to_bfloat16", rows, columns)
                    .matrix(source)
                    .address(target)
                    .integer(stride)
                    .run();
            short[] found = new Pointer(target).getShortArray(0, rows * stride);
            for (int i = 0; i < values.length; i++) {
                requireNearest(found[i / columns * stride + i % columns], values[i]);
            }
        }
    }
}

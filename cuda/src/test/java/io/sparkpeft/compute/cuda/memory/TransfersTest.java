package io.sparkpeft.compute.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NeedsEmulator
class TransfersTest {
    private static float[] drawn(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = CounterRandom.uniform(count, 0, i);
        }
        return values;
    }

    /** Larger than the ring, narrower and wider than a piece, with gaps and without. */
    @ParameterizedTest
    @CsvSource({"3, 5", "1, 1", "0, 7", "4, 0", "2500, 3000", "2, 1500000", "3000000, 1", "1, 6000000"})
    void whatGoesComesBack(int rows, int columns) {
        EmulatedDevice device = new EmulatedDevice();
        MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 1L << 30);
        try (Workspace work = Workspace.of(device, budget)) {
            DeviceTensors tensors = new DeviceTensors(work);
            Transfers transfers = new Transfers(work.staging());
            float[] values = drawn(rows * columns + 3);
            float[] expected = Arrays.copyOfRange(values, 2, 2 + rows * columns);
            CudaTensor dense = tensors.allocate(rows, columns);
            CudaTensor gaps = tensors.allocate(rows + 1, columns + 3).view(1, 2, rows, columns);
            for (CudaTensor tensor : new CudaTensor[] {dense, gaps}) {
                transfers.upload(values, 2, tensor);
                float[] back = new float[rows * columns + 1];
                back[0] = 9f;
                transfers.download(tensor, back, 1);
                assertThat(back[0]).isEqualTo(9f);
                assertThat(Arrays.mismatch(Arrays.copyOfRange(back, 1, back.length), expected))
                        .isEqualTo(-1);
            }
        }
        assertThat(budget.held()).isZero();
    }
}

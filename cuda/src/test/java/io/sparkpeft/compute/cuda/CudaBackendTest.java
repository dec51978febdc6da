package io.sparkpeft.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.MaskVector;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import io.sparkpeft.param.Bfloat16;
import io.sparkpeft.random.CounterRandom;
import java.nio.ReadOnlyBufferException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the laws of all backends do not ask: when the device is waited for, what is held, what is refused. */
@NeedsEmulator
class CudaBackendTest {
    private static final int SIZE = 24;

    private final EmulatedDevice device = new EmulatedDevice();
    private final MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 64 << 20);

    private Backend backend(Precision precision) {
        return new CudaBackend(device, budget, precision);
    }

    private static float[] normals(long key, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) CounterRandom.normal(key, i);
        }
        return values;
    }

    private static Tensor uploaded(Backend backend, float[] values) {
        Tensor tensor = backend.allocate(SIZE, values.length / SIZE);
        backend.upload(values, 0, tensor);
        return tensor;
    }

    /** The device is waited for where something comes back, and there only; scratch is there after the first round. */
    @Test
    void nothingIsWaitedForOrAllocatedUntilSomethingComesBack() {
        int[] ids = IntStream.range(0, SIZE).map(i -> i * 5 % SIZE).toArray();
        try (Backend backend = backend(Precision.BF16)) {
            Tensor left = uploaded(backend, normals(1, SIZE * SIZE));
            Tensor right = uploaded(backend, normals(2, SIZE * SIZE));
            Tensor result = uploaded(backend, normals(3, SIZE * SIZE));
            MaskVector vector = backend.vectors().allocate(SIZE);
            int waits = 0;
            long held = 0;
            for (int i = 0; i < 500; i++) {
                backend.gemm(false, true, 1f, left, right, 0f, result);
                backend.activate(Activation.GELU, result, result);
                backend.scatterAddRows(left, ids, result);
                backend.vectors().addGathered(result, ids, vector, 0);
                backend.vectors().scatter(vector, 0, ids, left);
                if (i == 400) {
                    waits = device.waits();
                    held = budget.held();
                }
            }
            assertThat(device.waits()).isEqualTo(waits);
            assertThat(budget.held()).isEqualTo(held);
            backend.vectors().norm(vector);
            assertThat(device.waits()).isEqualTo(waits + 1);
        }
        assertThat(budget.held()).isZero();
        assertThat(device.pieces()).isZero();
    }

    @Test
    void shortFactorsAreRoundedAndSummedInFloat() {
        float[] a = normals(4, SIZE * SIZE);
        float[] b = normals(5, SIZE * SIZE);
        try (Backend backend = backend(Precision.BF16)) {
            Tensor product = backend.allocate(SIZE, SIZE);
            backend.gemm(true, false, 1f, uploaded(backend, a), uploaded(backend, b), 0f, product);
            float[] found = new float[SIZE * SIZE];
            backend.download(product, found, 0);
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    double sum = 0;
                    for (int k = 0; k < SIZE; k++) {
                        sum += (double) Bfloat16.round(a[k * SIZE + i]) * Bfloat16.round(b[k * SIZE + j]);
                    }
                    assertThat((double) found[i * SIZE + j]).isCloseTo(sum, within(2e-6));
                }
            }
        }
    }

    @Test
    void borrowedTensorsAreReadOnly() {
        try (Backend lender = backend(Precision.FLOAT32);
                Backend borrower = new CudaBackend(new EmulatedDevice(), budget, Precision.FLOAT32)) {
            Tensor lent = uploaded(lender, normals(6, SIZE * SIZE));
            Tensor view = borrower.borrow(lent);
            Tensor own = borrower.allocate(SIZE, SIZE);
            borrower.copy(view, own);
            assertThatThrownBy(() -> borrower.copy(own, view)).isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> borrower.upload(new float[SIZE * SIZE], 0, view))
                    .isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> borrower.gemm(false, false, 1f, own, own, 0f, view))
                    .isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> borrower.softmax(view, view)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void memoryThatWasGivenBackIsNotUsed() {
        Backend backend = backend(Precision.FLOAT32);
        Tensor tensor = backend.allocate(4, 4);
        Tensor view = backend.rows(tensor, 1, 2);
        backend.free(tensor);
        assertThatThrownBy(() -> backend.fill(view, 1f))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot use a tensor: its memory was given back");
        Tensor other = backend.allocate(4, 4);
        backend.close();
        assertThatThrownBy(() -> backend.fill(other, 1f)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTensorBeyondTheLimitIsRefusedInASentence() {
        try (Backend backend = backend(Precision.FLOAT32)) {
            assertThatThrownBy(() -> backend.allocate(1 << 10, 1 << 16))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("Cannot allocate 268435456 bytes on emulator")
                    .hasMessageEndingWith("(the limit is set by -Dsparkpeft.cuda.memory)");
        }
    }
}

package io.sparkpeft.compute.cuda.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.CudaBackend;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What becomes of segments: done once, later by a graph, or passed on. */
@NeedsEmulator
class GraphDeviceTest {
    private static final int SIZE = 8;
    private static final GraphPolicy POLICY = new GraphPolicy(2, 2, 3, true);

    private final EmulatedDevice device = new EmulatedDevice();

    private Backend backend(EmulatedDevice emulated) {
        MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 64 << 20);
        return new CudaBackend(new GraphDevice(emulated, POLICY), budget, Precision.FLOAT32);
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    private static float first(Backend backend, Tensor tensor) {
        float[] values = new float[tensor.size()];
        backend.download(tensor, values, 0);
        assertThat(values).containsOnly(values[0]);
        return values[0];
    }

    /** Writes a value and adds it so many times to 0; the sum. */
    private static float sum(Backend backend, Tensor source, Tensor target, float value, int times) {
        backend.upload(filled(source.size(), value), 0, source);
        backend.fill(target, 0f);
        for (int i = 0; i < times; i++) {
            backend.add(1f, source, target);
        }
        return first(backend, target);
    }

    @Test
    void aSegmentIsDoneWhenItIsWaitedForAndByAGraphFromItsSecondTimeOn() {
        try (Backend backend = backend(device)) {
            Tensor source = backend.allocate(SIZE, SIZE);
            Tensor target = backend.allocate(SIZE, SIZE);
            backend.fill(target, 1f);
            backend.add(1f, target, target);
            assertThat(device.launches()).isEmpty();
            assertThat(first(backend, target)).isEqualTo(2f);
            assertThat(device.launches()).containsEntry("fill", 3).containsEntry("add", 1);

            for (int i = 1; i <= 5; i++) {
                assertThat(sum(backend, source, target, i, 3)).isEqualTo(3f * i);
            }
            assertThat(device.captures()).isEqualTo(1);
            assertThat(device.graphLaunches()).isEqualTo(4);
            assertThat(sum(backend, source, target, 7f, 4)).isEqualTo(28f);
            assertThat(device.graphLaunches()).isEqualTo(4);
        }
        assertThat(device.graphs()).isZero();
    }

    @Test
    void onlySoManySegmentsAreRemembered() {
        try (Backend backend = backend(device)) {
            Tensor source = backend.allocate(SIZE, SIZE);
            Tensor target = backend.allocate(SIZE, SIZE);
            first(backend, target);
            for (int i = 0; i < 12; i++) {
                int times = 1 + i % 6;
                assertThat(sum(backend, source, target, i, times)).isEqualTo((float) i * times);
                assertThat(sum(backend, source, target, i, times)).isEqualTo((float) i * times);
                assertThat(device.graphs()).isLessThanOrEqualTo(POLICY.most());
            }
            assertThat(device.captures()).isEqualTo(12);
        }
        assertThat(device.graphs()).isZero();
    }

    @Test
    void memoryThatChangesHandsIsWrittenByWhomItBelongsTo() {
        try (Backend backend = backend(device)) {
            Tensor target = backend.allocate(SIZE, SIZE);
            Tensor source = backend.allocate(SIZE, SIZE);
            first(backend, target);
            sum(backend, source, target, 1f, 3);
            sum(backend, source, target, 2f, 3);
            assertThat(device.graphs()).isEqualTo(1);
            backend.free(source);
            Tensor other = backend.allocate(1, SIZE * SIZE);
            backend.fill(other, 5f);
            Tensor moved = backend.allocate(SIZE, SIZE);
            assertThat(sum(backend, moved, target, 3f, 3)).isEqualTo(9f);
            assertThat(first(backend, other)).isEqualTo(5f);

            // Larger than the memory of the machine that copies go through, which is given back for more.
            Tensor large = backend.allocate(1 << 10, 1 << 10);
            backend.upload(filled(1 << 20, 4f), 0, large);
            assertThat(device.graphs()).isZero();
            assertThat(sum(backend, moved, target, 6f, 3)).isEqualTo(18f);
            assertThat(first(backend, large)).isEqualTo(4f);
        }
    }

    @Test
    void whatCannotBeKeptIsAskedForOneByOne() {
        device.refuseCaptures(true);
        try (Backend backend = backend(device)) {
            Tensor source = backend.allocate(SIZE, SIZE);
            Tensor target = backend.allocate(SIZE, SIZE);
            for (int i = 0; i < 4; i++) {
                assertThat(sum(backend, source, target, i, 3)).isEqualTo(3f * i);
            }
            assertThat(device.graphLaunches()).isZero();
            device.refuseCaptures(false);
            assertThat(sum(backend, source, target, 5f, 3)).isEqualTo(15f);
            assertThat(device.captures()).as("tried once for a segment").isZero();
        }
    }

    @Test
    void whereNothingRepeatsTheDeviceIsNotKeptWaiting() {
        try (Backend backend = backend(device)) {
            Tensor source = backend.allocate(SIZE, SIZE);
            Tensor target = backend.allocate(SIZE, SIZE);
            for (int i = 1; i <= 20; i++) {
                assertThat(sum(backend, source, target, 1f, i)).isEqualTo((float) i);
            }
            int before = device.launches().get("fill");
            backend.fill(target, 0f);
            assertThat(device.launches()).containsEntry("fill", before + 1);
            assertThat(device.captures()).isZero();
        }
    }

    @Test
    void aLenderAndItsBorrowersSeeWhatTheOtherWrote() {
        EmulatedDevice other = new EmulatedDevice();
        try (Backend borrower = backend(other)) {
            Backend lender = backend(device);
            Tensor lent = lender.allocate(SIZE, SIZE);
            Tensor own = borrower.allocate(SIZE, SIZE);
            lender.fill(lent, 3f);
            Tensor view = borrower.borrow(lent);
            borrower.fill(own, 1f);
            borrower.add(1f, view, own);
            // Asked for and not waited for: it is done before the lender's memory goes.
            borrower.free(view);
            lender.close();
            assertThat(first(borrower, own)).isEqualTo(4f);
        }
    }

    @Test
    void anErrorEndsTheSegmentAndNoOther() {
        try (Backend backend = backend(device)) {
            GraphDevice bare = new GraphDevice(device, POLICY);
            bare.launch(
                    "no_such_kernel",
                    new Geometry(new Geometry.Grid(1, 1, 1), new Geometry.Block(32, 1)),
                    new long[1],
                    0);
            assertThatThrownBy(bare::synchronise)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no_such_kernel");
            bare.synchronise();
            Tensor target = backend.allocate(SIZE, SIZE);
            backend.fill(target, 2f);
            assertThat(first(backend, target)).isEqualTo(2f);
        }
    }

    @Test
    void largeProductsAreNotKeptUnlessAskedFor() {
        GraphPolicy auto = GraphPolicy.parse("auto").orElseThrow();
        GraphPolicy any = GraphPolicy.parse("true").orElseThrow();
        assertThat(GraphPolicy.parse("false")).isEmpty();
        assertThatThrownBy(() -> GraphPolicy.parse("on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Invalid sparkpeft.cuda.graphs: on is none of auto, true, false");
        DeviceFacts facts = EmulatedDevice.FACTS;
        assertThat(auto.isWorthIt(products(64), facts)).isTrue();
        assertThat(auto.isWorthIt(products(4096), facts)).isFalse();
        assertThat(any.isWorthIt(products(4096), facts)).isTrue();
    }

    private static CommandList products(int size) {
        CommandList list = new CommandList();
        Operand operand = new Operand(256, size, 0);
        Product.Shape shape = new Product.Shape(false, false, size, size, size);
        for (int i = 0; i < 20; i++) {
            list.multiply(new Product(shape, 1f, 0f, Product.Inputs.FLOAT32, 1), operand, operand, operand);
        }
        return list;
    }
}

package io.sparkpeft.compute.cuda.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.CudaBackend;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.EmulatedProvider;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.train.LocalUpdate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole rounds have the same bits with graphs and without, and most of their steps are done by graphs. */
@NeedsEmulator
class GraphRoundsTest {
    private static final GraphPolicy POLICY = GraphPolicy.parse("true").orElseThrow();

    private static LocalUpdate round(TinyModel tiny, EmulatedDevice device) {
        MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, EmulatedDevice.FACTS.memory());
        return GraphRound.run(tiny, new CudaBackend(new GraphDevice(device, POLICY), budget, Precision.FLOAT32));
    }

    private static void requireSame(LocalUpdate found, LocalUpdate expected) {
        assertThat(found.values()).containsExactly(expected.values());
        assertThat(found.moments().first()).containsExactly(expected.moments().first());
        assertThat(found.moments().second()).containsExactly(expected.moments().second());
        assertThat(found.tally()).isEqualTo(expected.tally());
    }

    @ParameterizedTest
    @MethodSource("io.sparkpeft.model.transformer.fixture.TinyModel#all")
    void graphsChangeNoBit(TinyModel tiny) {
        LocalUpdate expected = GraphRound.run(tiny, BackendProvider.create(EmulatedProvider.NAME));
        EmulatedDevice device = new EmulatedDevice();
        requireSame(round(tiny, device), expected);
        // Forward and backward of each shape, and what begins or ends the round, are segments of their own.
        assertThat(device.captures()).isBetween(2, 8);
        assertThat(device.graphLaunches()).isGreaterThan(14);
        assertThat(device.graphs()).isZero();

        EmulatedDevice refusing = new EmulatedDevice();
        refusing.refuseCaptures(true);
        requireSame(round(tiny, refusing), expected);
        assertThat(refusing.graphLaunches()).isZero();
    }
}

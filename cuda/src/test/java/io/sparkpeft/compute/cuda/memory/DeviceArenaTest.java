package io.sparkpeft.compute.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@NeedsEmulator
class DeviceArenaTest {
    private static final long MEBIBYTE = 1 << 20;

    private final EmulatedDevice device = new EmulatedDevice();
    private final MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 64 * MEBIBYTE);

    private record Piece(long address, long bytes) {}

    /** Pieces are aligned and never overlap, whatever is given back in between; in the end everything is one piece again. */
    @Test
    void piecesNeverOverlap() {
        try (DeviceArena arena = new DeviceArena(device, budget)) {
            List<Piece> held = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                if (!held.isEmpty() && CounterRandom.uniform(1, i) < 0.45) {
                    arena.free(held.remove((int) (CounterRandom.uniform(2, i) * held.size()))
                            .address());
                } else {
                    long bytes = 1 + (long) (Math.pow(CounterRandom.uniform(3, i), 4) * MEBIBYTE);
                    Piece piece = new Piece(arena.allocate(bytes), bytes);
                    assertThat(piece.address() % 256).isZero();
                    held.forEach(other -> assertThat(piece.address() >= other.address() + other.bytes()
                                    || other.address() >= piece.address() + piece.bytes())
                            .isTrue());
                    held.add(piece);
                }
            }
            long before = budget.held();
            held.forEach(piece -> arena.free(piece.address()));
            assertThat(arena.used()).isZero();
            arena.allocate(4 * MEBIBYTE);
            assertThat(budget.held()).isEqualTo(before);
        }
        assertThat(budget.held()).isZero();
        assertThat(budget.peak()).isPositive();
        assertThat(device.pieces()).isZero();
    }

    @Test
    void theLimitIsSharedAndNamed() {
        try (DeviceArena first = new DeviceArena(device, budget);
                DeviceArena second = new DeviceArena(device, budget)) {
            first.allocate(40 * MEBIBYTE);
            assertThatThrownBy(() -> second.allocate(25 * MEBIBYTE))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageStartingWith("Cannot allocate 26214400 bytes on emulator (GPU 0")
                    .hasMessageContaining("41943040 of 67108864 are held")
                    .hasMessageContaining("-Dsparkpeft.cuda.memory");
            second.allocate(24 * MEBIBYTE);
        }
    }

    @Test
    void memoryOfOthersIsNotGivenBack() {
        try (DeviceArena arena = new DeviceArena(device, budget)) {
            long address = arena.allocate(10);
            assertThatThrownBy(() -> arena.free(address + 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("it is no piece of this arena");
            arena.free(address);
            assertThatThrownBy(() -> arena.free(address)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package io.sparkpeft.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Arena.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArenaTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void piecesDoNotOverlap(String name) {
        try (Backend backend = BackendProvider.create(name);
                Arena arena = new Arena(backend)) {
            Tensor[] pieces = new Tensor[60];
            for (int i = 0; i < pieces.length; i++) {
                pieces[i] = arena.take(1 + i, 1000 + i);
                backend.fill(pieces[i], i);
            }
            for (int i = 0; i < pieces.length; i++) {
                float[] values = new float[pieces[i].size()];
                backend.download(pieces[i], values, 0);
                assertThat(values).containsOnly(i);
            }
        }
    }

    /** A second step that takes the same pieces finds the same memory and takes no more. */
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void stepsAfterTheFirstTakeNoNewMemory(String name) {
        try (Backend backend = BackendProvider.create(name);
                Arena arena = new Arena(backend)) {
            long afterFirst = 0;
            for (int step = 0; step < 5; step++) {
                Mark start = arena.mark();
                arena.take(700, 900);
                Mark inner = arena.mark();
                arena.take(3000, 500);
                arena.release(inner);
                arena.takeZeros(3000, 499);
                arena.take(1, 1);
                arena.release(start);
                afterFirst = step == 0 ? arena.capacity() : afterFirst;
                assertThat(arena.capacity()).isEqualTo(afterFirst);
            }
        }
    }

    @Test
    void zerosAreZerosAlsoInUsedMemory() {
        try (Backend backend = BackendProvider.create("cpu");
                Arena arena = new Arena(backend)) {
            Mark start = arena.mark();
            backend.fill(arena.take(50, 50), 3f);
            arena.release(start);
            float[] values = new float[2500];
            backend.download(arena.takeZeros(50, 50), values, 0);
            assertThat(values).containsOnly(0f);
        }
    }

    @Test
    void piecesLargerThanAChunkAndEmptyOnes() {
        try (Backend backend = BackendProvider.create("cpu");
                Arena arena = new Arena(backend)) {
            Tensor large = arena.take(1100, 1000);
            assertThat(large.size()).isEqualTo(1_100_000);
            assertThat(arena.take(0, 7).size()).isZero();
            assertThat(arena.take(2, 2).rows()).isEqualTo(2);
            assertThat(arena.capacity()).isGreaterThanOrEqualTo(1_100_004);
        }
    }

    @Test
    void smallPiecesFillWhatLargeOnesLeft() {
        try (Backend backend = BackendProvider.create("cpu");
                Arena arena = new Arena(backend)) {
            Tensor first = arena.take(700, 1000);
            Mark mark = arena.mark();
            Tensor second = arena.take(2000, 1000);
            long held = arena.capacity();
            Tensor third = arena.take(300, 1000);
            assertThat(arena.capacity()).isEqualTo(held);
            backend.fill(first, 1f);
            backend.fill(second, 2f);
            backend.fill(third, 3f);
            assertThat(values(backend, first)).containsOnly(1f);
            assertThat(values(backend, second)).containsOnly(2f);
            arena.release(mark);
            backend.fill(arena.take(300, 1000), 4f);
            assertThat(values(backend, first)).containsOnly(1f);
            assertThat(values(backend, third)).as("the place is given again").containsOnly(4f);
        }
    }

    private static float[] values(Backend backend, Tensor tensor) {
        float[] values = new float[tensor.size()];
        backend.download(tensor, values, 0);
        return values;
    }

    @Test
    void holdsLittleMoreThanIsTaken() {
        try (Backend backend = BackendProvider.create("cpu");
                Arena arena = new Arena(backend)) {
            long taken = 0;
            while (taken < 66_000_000) {
                taken += arena.take(1000, 1000).size();
            }
            assertThat(arena.capacity()).isBetween(taken, taken * 4 / 3);
        }
    }
}

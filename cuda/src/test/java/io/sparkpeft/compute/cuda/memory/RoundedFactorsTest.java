package io.sparkpeft.compute.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a factor is rounded, when what it became is used again, and what memory that takes. */
@NeedsEmulator
class RoundedFactorsTest {
    private static final int SIZE = 16;
    /** Bytes of a rounded factor of {@link #SIZE} rows and columns. */
    private static final long BYTES = Short.BYTES * SIZE * SIZE;
    /** Four such factors beside the large place, and none of them large. */
    private static final long SHARED = 4 * BYTES;

    private final MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, 16 << 20);
    private Workspace work;
    private DeviceTensors tensors;
    private RoundedFactors factors;
    private int roundings;

    @BeforeEach
    void open() {
        open(SHARED);
    }

    private void open(long shared) {
        work = Workspace.of(new EmulatedDevice(), budget, shared);
        tensors = new DeviceTensors(work);
        factors = work.factors();
    }

    @AfterEach
    void close() {
        work.close();
        assertThat(budget.held()).isZero();
    }

    private CudaTensor factor() {
        return tensors.allocate(SIZE, SIZE);
    }

    private long address(CudaTensor factor) {
        return factors.address(factor, (long) Short.BYTES * factor.size(), address -> roundings++);
    }

    /** Whether a factor had to be rounded. */
    private boolean isRounded(CudaTensor factor) {
        int before = roundings;
        address(factor);
        return roundings > before;
    }

    @Test
    void aFactorIsRoundedOnceUntilItIsWritten() {
        CudaTensor a = factor();
        CudaTensor b = factor();
        long addressOfA = address(a);
        long addressOfB = address(b);
        assertThat(addressOfA).isNotEqualTo(addressOfB);
        assertThat(address(a)).isEqualTo(addressOfA);
        assertThat(address(b)).isEqualTo(addressOfB);
        assertThat(roundings).isEqualTo(2);
        a.writable();
        assertThat(isRounded(b)).isFalse();
        assertThat(isRounded(a)).isTrue();
        assertThat(isRounded(a)).isFalse();
    }

    @Test
    void theSameTensorOnBothSidesIsRoundedOnce() {
        CudaTensor a = factor();
        assertThat(address(a)).isEqualTo(address(a.view(0, 0, SIZE, SIZE)));
        assertThat(roundings).isEqualTo(1);
    }

    @Test
    void anotherShapeOfTheSameMemoryIsAnotherFactor() {
        CudaTensor a = factor();
        assertThat(isRounded(a)).isTrue();
        assertThat(isRounded(a.view(0, 0, SIZE / 2, SIZE))).isTrue();
        assertThat(isRounded(a.view(0, 0, SIZE, SIZE / 2))).isTrue();
        assertThat(isRounded(a.shaped(0, SIZE / 2, 2 * SIZE))).isTrue();
        assertThat(isRounded(a)).isFalse();
    }

    @Test
    void aWriteConcernsWhatItOverlapsAlone() {
        CudaTensor all = tensors.allocate(4 * SIZE, SIZE);
        CudaTensor first = all.view(0, 0, SIZE, SIZE);
        CudaTensor second = all.view(SIZE, 0, SIZE, SIZE);
        address(first);
        address(second);
        all.view(2 * SIZE, 0, 2 * SIZE, SIZE).writable();
        all.view(SIZE, 0, 0, SIZE).writable();
        assertThat(isRounded(first)).isFalse();
        assertThat(isRounded(second)).isFalse();
        all.view(SIZE - 1, SIZE - 1, 1, 1).writable();
        assertThat(isRounded(second)).isFalse();
        assertThat(isRounded(first)).isTrue();
        all.view(SIZE, 0, 1, 1).writable();
        assertThat(isRounded(first)).isFalse();
        assertThat(isRounded(second)).isTrue();
        all.view(SIZE - 1, 0, 2, SIZE).writable();
        assertThat(isRounded(first)).isTrue();
        assertThat(isRounded(second)).isTrue();
    }

    @Test
    void aWriteWithGapsConcernsAllFromItsFirstEntryToItsLast() {
        CudaTensor all = tensors.allocate(4 * SIZE, 2 * SIZE);
        CudaTensor upper = all.view(0, 0, SIZE, SIZE);
        CudaTensor lower = all.view(2 * SIZE, SIZE, SIZE, SIZE);
        address(upper);
        address(lower);
        // The columns beside the upper factor, and the rows between the two.
        all.view(1, SIZE, SIZE, SIZE).writable();
        assertThat(isRounded(lower)).isFalse();
        assertThat(isRounded(upper)).isTrue();
        all.view(SIZE, 0, SIZE, 2 * SIZE).writable();
        assertThat(isRounded(upper)).isFalse();
        assertThat(isRounded(lower)).isFalse();
        all.view(0, 2 * SIZE - 1, 3 * SIZE, 1).writable();
        assertThat(isRounded(upper)).isTrue();
        assertThat(isRounded(lower)).isTrue();
    }

    @Test
    void memoryThatIsGivenOutAgainIsNotWhatItWas() {
        CudaTensor a = factor();
        address(a);
        long used = work.arena().used();
        tensors.free(a);
        assertThat(work.arena().used()).isEqualTo(used - BYTES - Float.BYTES * SIZE * SIZE);
        CudaTensor again = factor();
        assertThat(again.address())
                .isEqualTo(a.shaped(0, 1, 1).in(again.buffer()).address());
        assertThat(isRounded(again)).isTrue();

        CudaTensor scratch = work.scratch().matrix(Scratch.Use.VALUES, SIZE, SIZE);
        assertThat(isRounded(scratch)).isTrue();
        assertThat(isRounded(scratch)).isFalse();
        work.scratch().floats(Scratch.Use.VALUES, 1);
        assertThat(isRounded(scratch)).isTrue();
    }

    @Test
    void whatWasMadeOfABorrowedTensorEndsWithTheView() {
        try (Workspace lending = Workspace.of(new EmulatedDevice(), budget)) {
            DeviceTensors lender = new DeviceTensors(lending);
            CudaTensor lent = lender.allocate(2 * SIZE, SIZE);
            CudaTensor view = tensors.borrow(lent.view(0, 0, SIZE, SIZE));
            assertThat(isRounded(view.view(SIZE / 2, 0, SIZE / 2, SIZE))).isTrue();
            assertThat(isRounded(view.view(SIZE / 2, 0, SIZE / 2, SIZE))).isFalse();
            tensors.free(view);
            assertThat(factors.size()).isZero();
            assertThat(isRounded(tensors.borrow(lent).view(SIZE / 2, 0, SIZE / 2, SIZE)))
                    .isTrue();
        }
    }

    @Test
    void theLeastRecentlyUsedGoFirstAndTheOtherFactorStays() {
        CudaTensor[] some = {factor(), factor(), factor(), factor()};
        for (CudaTensor factor : some) {
            address(factor);
        }
        assertThat(factors.held()).isEqualTo(SHARED);
        assertThat(isRounded(some[0])).isFalse();
        CudaTensor next = factor();
        assertThat(isRounded(next)).isTrue();
        assertThat(factors.held()).isEqualTo(SHARED);
        assertThat(isRounded(some[1])).isTrue();
        assertThat(isRounded(some[0])).isFalse();
        assertThat(isRounded(next)).isFalse();

        // Too much for the place of all, after a large one: the other factor is there nevertheless.
        CudaTensor large = tensors.allocate(SIZE, 8 * SIZE);
        CudaTensor other = tensors.allocate(8 * SIZE, SIZE);
        long first = address(large);
        assertThat(address(other)).isNotEqualTo(first);
        assertThat(factors.held()).isEqualTo(8 * BYTES);
        assertThat(factors.size()).isEqualTo(2);
        assertThat(address(large)).isEqualTo(first);
        assertThat(isRounded(factor())).isTrue();
        assertThat(factors.held()).isEqualTo(BYTES);
    }

    @Test
    void onlySoManyAreHeld() {
        close();
        open(RoundedFactors.SHARED);
        CudaTensor all = tensors.allocate(2 * RoundedFactors.MOST, 1);
        for (int i = 0; i < 2 * RoundedFactors.MOST; i++) {
            assertThat(isRounded(all.view(i, 0, 1, 1))).isTrue();
        }
        assertThat(factors.size()).isEqualTo(RoundedFactors.MOST);
        assertThat(isRounded(all.view(RoundedFactors.MOST, 0, 1, 1))).isFalse();
    }

    @Test
    void aWaitLeavesTheLargePlaceAlone() {
        CudaTensor small = factor();
        CudaTensor large = tensors.allocate(2 * SIZE, 2 * SIZE);
        long place = address(large);
        address(small);
        work.staging().receive(large.region(0, 0, 1, 1), new float[1], 0, 1);
        assertThat(factors.held()).isZero();
        assertThat(isRounded(small)).isTrue();
        assertThat(isRounded(large)).isFalse();
        assertThat(isRounded(small)).isFalse();
        CudaTensor next = tensors.allocate(SIZE, 3 * SIZE);
        assertThat(address(next)).as("a smaller one in the same place").isEqualTo(place);
        assertThat(isRounded(small)).isFalse();
        assertThat(address(large)).isEqualTo(place);
        assertThat(isRounded(next))
                .as("beside the large factor of the same product")
                .isTrue();
        assertThat(isRounded(large)).isFalse();
    }

    @Test
    void whoeverNeedsTheMemoryGetsIt() {
        CudaTensor a = factor();
        CudaTensor b = factor();
        CudaTensor large = tensors.allocate(512, 512);
        address(large);
        address(a);
        address(b);
        int half = (4 << 20) / Float.BYTES;
        tensors.allocate(1, half);
        tensors.allocate(1, half);
        // The rest of the budget: what fits only where the large place was.
        int rest = 0;
        while (factors.size() == 3) {
            tensors.allocate(256, 256);
            assertThat(++rest).isLessThan(64);
        }
        assertThat(factors.size()).as("the factor that was asked for last").isEqualTo(1);
        assertThat(isRounded(b)).isFalse();
        assertThat(isRounded(a)).isTrue();
        assertThatThrownBy(() -> tensors.allocate(4 * half, 1)).isInstanceOf(DeviceException.class);
        assertThat(factors.size()).isEqualTo(1);
    }

    @Test
    void whatMayNotHaveBeenRoundedIsRoundedAgain() {
        CudaTensor a = factor();
        assertThatThrownBy(() -> factors.address(a, BYTES, address -> {
                    throw new DeviceException("no launch");
                }))
                .hasMessage("no launch");
        assertThat(factors.held()).isZero();
        assertThat(isRounded(a)).isTrue();
        CudaTensor large = tensors.allocate(2 * SIZE, 2 * SIZE);
        assertThat(isRounded(large)).isTrue();
        factors.forget();
        assertThat(isRounded(large)).isTrue();
        assertThat(isRounded(a)).isTrue();
        assertThat(isRounded(large)).isFalse();
    }

    @Test
    void nothingIsUsedAgainWhereNothingIsShared() {
        close();
        open(0);
        CudaTensor a = factor();
        CudaTensor b = factor();
        for (int i = 0; i < 3; i++) {
            assertThat(isRounded(a)).isTrue();
            assertThat(isRounded(b)).isTrue();
            assertThat(address(b)).isNotEqualTo(address(a));
        }
    }
}

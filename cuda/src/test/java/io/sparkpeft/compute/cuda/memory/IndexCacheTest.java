package io.sparkpeft.compute.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NeedsEmulator
class IndexCacheTest {
    private static final int LONG = 3_000_000;

    private final Workspace work = Workspace.of(new EmulatedDevice(), new MemoryBudget(EmulatedDevice.FACTS, 1L << 30));
    private final IndexCache cache = work.indices();

    @AfterEach
    void close() {
        work.close();
    }

    private static int[] indices(int count) {
        return IntStream.range(0, count).map(i -> i * 7).toArray();
    }

    @Test
    void longArraysStayAndShortOnesGoAnew() {
        int[] indices = indices(LONG);
        long address = cache.address(indices);
        assertThat(new Pointer(address).getIntArray(0, LONG)).isEqualTo(indices);
        assertThat(cache.address(indices)).isEqualTo(address);
        assertThat(cache.address(indices.clone())).isNotEqualTo(address);
        int[] few = indices(10);
        long first = cache.address(few);
        few[0] = 5;
        long second = cache.address(few);
        assertThat(new Pointer(first).getInt(0)).isZero();
        assertThat(new Pointer(second).getIntArray(0, 10)).containsExactly(few);
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void arraysThatNobodyHoldsGiveTheirMemoryBack() throws InterruptedException {
        int[] kept = indices(IndexCache.SHORTEST);
        cache.address(kept);
        for (int i = 0; i < 10; i++) {
            cache.address(indices(IndexCache.SHORTEST));
        }
        long used = work.arena().used();
        for (int i = 0; i < 100 && cache.size() > 1; i++) {
            System.gc();
            Thread.sleep(20);
            cache.address(kept);
        }
        assertThat(cache.size()).isEqualTo(1);
        assertThat(work.arena().used()).isEqualTo(used - 10L * Integer.BYTES * IndexCache.SHORTEST);
    }
}

package io.sparkpeft.spark.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundWireTest {
    private static final RoundTally TALLY = new RoundTally(1, 2, 3, 4, 5.5, 6.25);

    /** Values as weights are: of several magnitudes and both signs. */
    private static float[] weights(int size, long key) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (0.05 * CounterRandom.normal(key, i));
        }
        return values;
    }

    /** What a round makes of them: each changed by up to so much. */
    private static float[] moved(float[] values, double change) {
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (change * (2 * CounterRandom.uniform(7, i) - 1));
        }
        return moved;
    }

    private static RoundStart start(float[] values, OptimizerState moments) {
        return RoundStart.of(RoundStart.message(values, moments));
    }

    private static OptimizerState moments(int size) {
        return new OptimizerState(weights(size, 3), weights(size, 4));
    }

    private static void assertSameBits(float[] read, float[] written) {
        assertThat(bits(read)).isEqualTo(bits(written));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    private static void assertSame(LocalUpdate read, LocalUpdate written) {
        assertSameBits(read.values(), written.values());
        assertSameBits(read.moments().first(), written.moments().first());
        assertSameBits(read.moments().second(), written.moments().second());
        assertThat(read.tally()).isEqualTo(written.tally());
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,false", "1,true", "3281,true", "100000,true", "1048576,false", "1048577,true"})
    void whatIsReadIsWhatWasWritten(int size, boolean withMoments) {
        float[] values = weights(size, 1);
        OptimizerState moments = withMoments ? moments(size) : OptimizerState.none();
        LocalUpdate update = new LocalUpdate(
                moved(values, 1e-3),
                withMoments
                        ? new OptimizerState(moved(moments.first(), 0.1), moved(moments.second(), 1e-4))
                        : OptimizerState.none(),
                TALLY);
        for (RoundStart start :
                new RoundStart[] {RoundStart.NONE, start(values, OptimizerState.none()), start(values, moments)}) {
            byte[] bytes = RoundWire.encode(update, start);
            assertSame(RoundWire.decode(bytes, start), update);
            assertThat(RoundWire.tally(bytes)).isEqualTo(TALLY);
            assertThat(bytes.length).isLessThanOrEqualTo((int) RoundWire.length(size, withMoments ? 8 : 0));
            assertThat(RoundWire.encode(update, start)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyFloatComesBackWhateverItIsBeside(boolean sorted) {
        int size = 1 << 16;
        int[] special = {0, 1, 0x007fffff, 0x00800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc12345};
        float[] values = new float[size];
        float[] others = new float[size];
        for (int i = 0; i < size; i++) {
            long draw = CounterRandom.mix(5, i);
            int bits = sorted ? special[i % special.length] : (int) draw;
            values[i] = Float.intBitsToFloat(bits ^ (i & 16) << 27);
            others[i] =
                    Float.intBitsToFloat(special[(int) (draw >>> 33) % special.length] ^ (int) (draw >>> 1 & 1) << 31);
        }
        for (RoundStart start : new RoundStart[] {RoundStart.NONE, start(others, OptimizerState.none())}) {
            LocalUpdate update = new LocalUpdate(values, OptimizerState.none(), TALLY);
            assertSame(RoundWire.decode(RoundWire.encode(update, start), start), update);
        }
    }

    @Test
    void everyHalfComesBackWhateverItIsBeside() {
        int size = 1 << 16;
        float[] values = new float[size];
        float[] others = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = Float.intBitsToFloat(i << 16);
            others[i] = Float.intBitsToFloat((int) CounterRandom.mix(8, i) & 0xFFFF0000);
        }
        for (float[] content : new float[][] {values, others, moved(others, 1e-3)}) {
            for (RoundStart start : new RoundStart[] {RoundStart.NONE, start(values, OptimizerState.none())}) {
                LocalUpdate update = new LocalUpdate(content, OptimizerState.none(), TALLY);
                assertSame(RoundWire.decode(RoundWire.encode(update, start), start), update);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, RoundWire.CODED + 1})
    void halvesTakeAtMostHalf(int size) {
        OptimizerState moments = moments(size);
        OptimizerState halves = moments.toBfloat16(5);
        int whole = RoundWire.encode(new LocalUpdate(moments.first(), moments, TALLY), RoundStart.NONE).length;
        byte[] bytes = RoundWire.encode(new LocalUpdate(moments.first(), halves, TALLY), RoundStart.NONE);

        assertThat(whole).isLessThanOrEqualTo((int) RoundWire.length(size, 8));
        assertThat(bytes.length).isLessThanOrEqualTo((int) RoundWire.length(size, 4));
        assertThat(whole - bytes.length).isGreaterThan(4 * size - 1000);
        assertSame(RoundWire.decode(bytes), new LocalUpdate(moments.first(), halves, TALLY));
    }

    @Test
    void noiseCostsNoMoreThanItsFloats() {
        float[] noise = new float[300_000];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = Float.intBitsToFloat((int) CounterRandom.mix(6, i));
        }
        LocalUpdate update = new LocalUpdate(noise, OptimizerState.none(), TALLY);
        assertThat(RoundWire.encode(update, RoundStart.NONE)).hasSize((int) RoundWire.length(noise.length, 0));
        assertThat(RoundWire.encode(update, start(weights(noise.length, 1), OptimizerState.none())).length)
                .isLessThanOrEqualTo((int) RoundWire.length(noise.length, 0));
    }

    @Test
    void valuesNearTheirStartAreShortAndEqualOnesNothing() {
        float[] values = weights(100_000, 1);
        RoundStart start = start(values, OptimizerState.none());
        int near = RoundWire.encode(new LocalUpdate(moved(values, 1e-4), OptimizerState.none(), TALLY), start).length;
        int equal = RoundWire.encode(new LocalUpdate(values, OptimizerState.none(), TALLY), start).length;

        assertThat(near).isLessThan(3 * values.length);
        assertThat(equal).isLessThan(values.length / 100);
    }

    @Test
    void slicesAreReadAlone() {
        int size = RoundWire.SLICE + 5;
        float[] values = weights(size, 1);
        byte[] message = RoundStart.message(values, OptimizerState.none());
        LocalUpdate update = new LocalUpdate(moved(values, 1e-3), moments(size), TALLY);
        byte[] bytes = RoundWire.encode(update, RoundStart.of(message));

        assertThat(RoundWire.slices(bytes, RoundWire.checksum(message)))
                .hasSize(6)
                .allSatisfy(slice -> {
                    int from = slice.number() * RoundWire.SLICE;
                    int to = Math.min(size, from + RoundWire.SLICE);
                    float[] before = RoundWire.slice(message, slice.vector(), slice.number());
                    float[] whole = slice.vector() == 0
                            ? update.values()
                            : slice.vector() == 1
                                    ? update.moments().first()
                                    : update.moments().second();
                    assertSameBits(
                            RoundWire.floats(slice.bytes(), to - from, before), Arrays.copyOfRange(whole, from, to));
                });
    }

    @Test
    void everyDamagedByteIsFound() {
        byte[] bytes = RoundWire.encode(new LocalUpdate(weights(5, 1), moments(5), TALLY), RoundStart.NONE);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            assertThatThrownBy(() -> RoundWire.decode(damaged)).hasMessageContaining("damaged");
        }
        assertThatThrownBy(() -> RoundWire.decode(new byte[3])).hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> RoundWire.decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .hasMessageContaining("damaged");
    }

    @Test
    void anotherStartIsRefused() {
        RoundStart start = start(weights(5, 1), OptimizerState.none());
        RoundStart other = start(weights(5, 2), OptimizerState.none());
        byte[] bytes = RoundWire.encode(new LocalUpdate(weights(5, 3), OptimizerState.none(), TALLY), start);
        assertThatThrownBy(() -> RoundWire.decode(bytes, other)).hasMessageContaining("made from the start");
        assertThatThrownBy(() -> RoundWire.decode(bytes)).hasMessageContaining("not from 00000000");
    }
}

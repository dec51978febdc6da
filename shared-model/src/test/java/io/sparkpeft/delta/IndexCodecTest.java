package io.sparkpeft.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.random.CounterRandom;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class IndexCodecTest {
    private static final int ROWS = 300;
    private static final int COLUMNS = 256;

    private static RoaringBitmap members(IntPredicate member) {
        return RoaringBitmap.bitmapOf(
                IntStream.range(0, ROWS * COLUMNS).filter(member).toArray());
    }

    private static int bytes(RoaringBitmap members) {
        return IndexCodec.encode(members, ROWS, COLUMNS).length;
    }

    private static boolean drawn(long key, int i, double share) {
        return CounterRandom.uniform(key, i) < share;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.02, 0.3, 0.7, 0.995, 1})
    void whatIsEncodedIsDecoded(double share) {
        IntPredicate row = i -> drawn(1, i / COLUMNS, share);
        IntPredicate column = i -> drawn(2, i % COLUMNS, share);
        IntPredicate single = i -> drawn(3, i, share);
        for (RoaringBitmap members : new RoaringBitmap[] {
            members(row),
            members(column),
            members(single),
            members(row.or(column)),
            members(row.and(single)),
            members(column.and(single)),
            members(i -> i > 100 && i < 4000)
        }) {
            byte[] encoded = IndexCodec.encode(members, ROWS, COLUMNS);
            assertThat(encoded.length).isLessThanOrEqualTo(1 + (ROWS * COLUMNS + 7) / 8);
            assertThat(IndexCodec.decode(ByteBuffer.wrap(encoded), ROWS, COLUMNS, members.getCardinality()))
                    .isEqualTo(members);
        }
    }

    /** Against as many single weights, in about as many rows and columns as those have. */
    @Test
    void wholeRowsAndColumnsTakeAFewBytesEach() {
        RoaringBitmap rows = members(i -> i / COLUMNS % 50 == 7);
        RoaringBitmap columns = members(i -> i % COLUMNS % 50 == 7);
        RoaringBitmap singles = members(i -> drawn(4, i, 0.02));
        assertThat(bytes(rows)).isLessThanOrEqualTo(1 + 6 * 5);
        assertThat(bytes(columns)).isLessThanOrEqualTo(2 + 5 * 2);
        assertThat(rows.getCardinality()).isGreaterThanOrEqualTo(singles.getCardinality() * 9 / 10);
        assertThat(bytes(singles)).isGreaterThan(40 * bytes(rows)).isGreaterThan(40 * bytes(columns));
    }

    @Test
    void refusesRunsBeyondTheTensor() {
        byte[] rows = IndexCodec.encode(members(i -> i / COLUMNS == ROWS - 1), ROWS, COLUMNS);
        assertThatThrownBy(() -> IndexCodec.decode(ByteBuffer.wrap(rows), ROWS - 1, COLUMNS, COLUMNS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("index 76544 is outside a tensor of 76544");
    }
}

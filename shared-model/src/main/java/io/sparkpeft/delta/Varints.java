package io.sparkpeft.delta;

import java.nio.ByteBuffer;

/** Whole numbers in groups of seven bits, lowest first, the high bit saying that more follow. */
final class Varints {
    private static final int MORE = 0x80;
    static final int LONGEST = 5;

    private Varints() {}

    static void put(ByteBuffer buffer, int value) {
        int rest = value;
        while ((rest & -MORE) != 0) {
            buffer.put((byte) (rest & (MORE - 1) | MORE));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
    }

    static int take(ByteBuffer buffer) {
        int value = 0;
        for (int shift = 0; shift < 7 * LONGEST; shift += 7) {
            byte next = buffer.get();
            value |= (next & (MORE - 1)) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than %d bytes".formatted(LONGEST));
    }
}

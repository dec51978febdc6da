package io.sparkpeft.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The members of one tensor in as few bytes as three encodings allow: nothing where all are in, gaps between sorted
 * indices as varints (little over one byte each from 1 % density on), or one bit per entry.
 */
final class IndexCodec {
    private static final byte ALL = 0;
    private static final byte GAPS = 1;
    private static final byte BITS = 2;

    private IndexCodec() {}

    /** @param size entries of the tensor */
    static byte[] encode(RoaringBitmap members, int size) {
        int count = members.getCardinality();
        if (count == size) {
            return new byte[] {ALL};
        }
        int bitBytes = 1 + (size + 7) / 8;
        if ((long) count > bitBytes) {
            return bits(members, bitBytes);
        }
        ByteBuffer buffer = ByteBuffer.allocate(1 + count * Varints.LONGEST);
        buffer.put(GAPS);
        int next = 0;
        for (IntIterator i = members.getIntIterator(); i.hasNext(); ) {
            int index = i.next();
            Varints.put(buffer, index - next);
            next = index + 1;
        }
        return buffer.position() <= bitBytes
                ? Arrays.copyOf(buffer.array(), buffer.position())
                : bits(members, bitBytes);
    }

    private static byte[] bits(RoaringBitmap members, int bitBytes) {
        byte[] bits = new byte[bitBytes];
        bits[0] = BITS;
        for (IntIterator i = members.getIntIterator(); i.hasNext(); ) {
            int index = i.next();
            bits[1 + (index >>> 3)] |= (byte) (1 << (index & 7));
        }
        return bits;
    }

    /**
     * @param encoded exactly what {@link #encode} gave
     * @param count members that there must be
     * @throws IllegalArgumentException if it is not the encoding of so many members of a tensor of that size
     */
    static RoaringBitmap decode(ByteBuffer encoded, int size, int count) {
        RoaringBitmap members = new RoaringBitmap();
        switch (encoded.get()) {
            case ALL -> members.add(0L, size);
            case GAPS -> members.add(gaps(encoded, size, count));
            case BITS -> members.add(set(encoded, size));
            default -> throw new IllegalArgumentException("its indices have an unknown encoding");
        }
        if (members.getCardinality() != count || encoded.hasRemaining()) {
            throw new IllegalArgumentException(
                    "it holds %d indices where %d are announced".formatted(members.getCardinality(), count));
        }
        return members;
    }

    private static int[] gaps(ByteBuffer encoded, int size, int count) {
        int[] indices = new int[count];
        long next = 0;
        for (int i = 0; i < count; i++) {
            next += Varints.take(encoded);
            if (next < 0 || next >= size) {
                throw new IllegalArgumentException("index %d is outside a tensor of %d".formatted(next, size));
            }
            indices[i] = (int) next++;
        }
        return indices;
    }

    private static int[] set(ByteBuffer encoded, int size) {
        int[] indices = new int[size];
        int found = 0;
        for (int i = 0; i < size; i += 8) {
            byte bits = encoded.get();
            for (int b = 0; b < 8; b++) {
                if ((bits & 1 << b) != 0) {
                    indices[found++] = Math.min(i + b, size - 1);
                }
            }
        }
        return Arrays.copyOf(indices, found);
    }
}

package io.sparkpeft.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The members of one tensor in as few bytes as these encodings allow: nothing where all are in; gaps between sorted
 * indices as varints (little over one byte each from 1 % density on); one bit per entry; gaps and lengths of runs, a few
 * bytes for every whole row; or the members of one row where all rows have the same, a few bytes for every whole column.
 */
final class IndexCodec {
    private static final byte ALL = 0;
    private static final byte GAPS = 1;
    private static final byte BITS = 2;
    private static final byte RUNS = 3;
    private static final byte ROW = 4;

    private IndexCodec() {}

    /**
     * The encoding.
     *
     * @param rows of the tensor
     * @param columns of the tensor
     */
    static byte[] encode(RoaringBitmap members, int rows, int columns) {
        int size = rows * columns;
        int count = members.getCardinality();
        if (count == size) {
            return new byte[] {ALL};
        }
        int bitBytes = 1 + (size + 7) / 8;
        byte[] shortest = row(members, rows, columns)
                .or(() -> count > bitBytes ? Optional.empty() : Optional.of(gaps(members)))
                .filter(bytes -> bytes.length <= bitBytes)
                .orElseGet(() -> bits(members, bitBytes));
        byte[] runs = runs(members, shortest.length);
        return runs.length < shortest.length ? runs : shortest;
    }

    private static byte[] gaps(RoaringBitmap members) {
        ByteBuffer buffer = ByteBuffer.allocate(1 + members.getCardinality() * Varints.LONGEST);
        buffer.put(GAPS);
        int next = 0;
        for (IntIterator i = members.getIntIterator(); i.hasNext(); ) {
            int index = i.next();
            Varints.put(buffer, index - next);
            next = index + 1;
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
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

    /** Gives up at the limit, of which the result is then a part. */
    private static byte[] runs(RoaringBitmap members, int limit) {
        ByteBuffer buffer = ByteBuffer.allocate(limit + 2 * Varints.LONGEST);
        buffer.put(RUNS);
        int next = 0;
        int start = -1;
        for (IntIterator i = members.getIntIterator(); i.hasNext() && buffer.position() < limit; ) {
            int index = i.next();
            if (start < 0 || index > next) {
                putRun(buffer, start, next);
                Varints.put(buffer, index - next);
                start = index;
            }
            next = index + 1;
        }
        putRun(buffer, start, next);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void putRun(ByteBuffer buffer, int start, int end) {
        if (start >= 0) {
            Varints.put(buffer, end - start - 1);
        }
    }

    /** The encoding of the first row if every other is like it. */
    private static Optional<byte[]> row(RoaringBitmap members, int rows, int columns) {
        if (rows == 1 || members.getCardinality() % rows != 0) {
            return Optional.empty();
        }
        int perRow = members.getCardinality() / rows;
        int[] first = new int[perRow];
        int rank = 0;
        for (IntIterator i = members.getIntIterator(); i.hasNext(); rank++) {
            int index = i.next();
            if (rank < perRow) {
                first[rank] = index;
            }
            if (index != rank / perRow * columns + first[rank % perRow] || index / columns != rank / perRow) {
                return Optional.empty();
            }
        }
        byte[] encoded = encode(RoaringBitmap.bitmapOf(first), 1, columns);
        byte[] row = new byte[1 + encoded.length];
        row[0] = ROW;
        System.arraycopy(encoded, 0, row, 1, encoded.length);
        return Optional.of(row);
    }

    /**
     * The members.
     *
     * @param encoded exactly what {@link #encode} gave
     * @param count members that there must be
     * @throws IllegalArgumentException if it is not the encoding of so many members of a tensor of that size
     */
    static RoaringBitmap decode(ByteBuffer encoded, int rows, int columns, int count) {
        RoaringBitmap members = new RoaringBitmap();
        int size = rows * columns;
        switch (encoded.get()) {
            case ALL -> members.add(0L, size);
            case GAPS -> members.add(takeGaps(encoded, size, count));
            case BITS -> members.add(takeBits(encoded, size));
            case RUNS -> takeRuns(encoded, size, members);
            case ROW -> takeRow(encoded, rows, columns, count, members);
            default -> throw new IllegalArgumentException("its indices have an unknown encoding");
        }
        if (members.getCardinality() != count || encoded.hasRemaining()) {
            throw new IllegalArgumentException(
                    "it holds %d indices where %d are announced".formatted(members.getCardinality(), count));
        }
        return members;
    }

    private static int[] takeGaps(ByteBuffer encoded, int size, int count) {
        int[] indices = new int[count];
        long next = 0;
        for (int i = 0; i < count; i++) {
            next += Varints.take(encoded);
            requireInside(next, size);
            indices[i] = (int) next++;
        }
        return indices;
    }

    private static int[] takeBits(ByteBuffer encoded, int size) {
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

    private static void takeRuns(ByteBuffer encoded, int size, RoaringBitmap members) {
        long next = 0;
        while (encoded.hasRemaining()) {
            long start = next + Varints.take(encoded);
            long last = start + Varints.take(encoded);
            requireInside(start, size);
            requireInside(last, size);
            members.add(start, last + 1);
            next = last + 1;
        }
    }

    private static void takeRow(ByteBuffer encoded, int rows, int columns, int count, RoaringBitmap members) {
        int[] first = decode(encoded, 1, columns, count / rows).toArray();
        int[] indices = new int[first.length * rows];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i / first.length * columns + first[i % first.length];
        }
        members.add(indices);
    }

    private static void requireInside(long index, int size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index %d is outside a tensor of %d".formatted(index, size));
        }
    }
}

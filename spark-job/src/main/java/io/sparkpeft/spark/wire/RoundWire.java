package io.sparkpeft.spark.wire;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a round sends: k values and, where moments are averaged, twice k moments, in slices of {@value #SLICE} behind a
 * header of {@value #HEADER} bytes with a CRC-32C, all little-endian. Upwards they are differences to what the round
 * started from, without losing a bit ({@link FloatPlanes}); downwards the tally is zero and there is nothing before.
 *
 * <pre>int magic, int crc of what follows, int crc of the message with the start or 0,
 * int k, int vectors (1 or 3), long steps, examples, targets, units, double loss sum, double largest norm,
 * for each vector, for each slice: int length, bytes of the floats</pre>
 *
 * A message of more than {@value #CODED} values holds them as they are: a network that carries such rounds is faster
 * than a processor packs.
 */
public final class RoundWire {
    /** Most floats of a slice. */
    public static final int SLICE = 1 << 20;

    static final int HEADER = 5 * Integer.BYTES + 6 * Long.BYTES;
    static final int CODED = 1 << 24;
    private static final int MAGIC = 0x52504654;
    private static final int CRC_AT = Integer.BYTES;
    private static final int START_AT = 2 * Integer.BYTES;
    private static final int SIZE_AT = 3 * Integer.BYTES;
    private static final int VECTORS_AT = 4 * Integer.BYTES;
    private static final int TALLY_AT = 5 * Integer.BYTES;

    private RoundWire() {}

    /**
     * Some of the floats of one vector as they were written.
     *
     * @param vector 0 for the values, 1 and 2 for the moments
     * @param number of the slice
     * @param bytes of its floats
     */
    public record Slice(int vector, int number, ByteBuffer bytes) {}

    /**
     * Length in bytes of a message, at most.
     *
     * @param size k
     * @param moments bytes of a weight's two moments: 8, 4 where they are bfloat16, 0 where it holds none
     */
    public static long length(long size, int moments) {
        long slices = (size + SLICE - 1) / SLICE;
        int vectors = moments > 0 ? 3 : 1;
        return HEADER + size * (Float.BYTES + moments) + vectors * slices * (Integer.BYTES + FloatPlanes.HEADER);
    }

    /** The bytes of an update of what a round started from. */
    public static byte[] encode(LocalUpdate update, RoundStart start) {
        int size = update.values().length;
        int vectors = update.moments().isNone() ? 1 : 3;
        float[][] content = {
            update.values(), update.moments().first(), update.moments().second()
        };
        List<byte[]> slices = new ArrayList<>();
        long length = HEADER;
        for (int vector = 0; vector < vectors; vector++) {
            for (int from = 0; from < size; from += SLICE) {
                int count = Math.min(SLICE, size - from);
                byte[] slice = size > CODED
                        ? FloatPlanes.raw(content[vector], from, count)
                        : FloatPlanes.encode(content[vector], from, count, start.vector(vector));
                slices.add(slice);
                length += Integer.BYTES + slice.length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(0).putInt(start.checksum()).putInt(size).putInt(vectors);
        putTally(out, update.tally());
        slices.forEach(slice -> out.putInt(slice.length).put(slice));
        out.putInt(CRC_AT, crc(out.array()));
        return out.array();
    }

    /**
     * The message in the bytes, which is a difference to nothing.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    public static LocalUpdate decode(byte[] bytes) {
        return decode(bytes, RoundStart.NONE);
    }

    /**
     * The message in the bytes.
     *
     * @param start that it was written with
     * @throws IllegalArgumentException if they are damaged, or belong to another start
     */
    public static LocalUpdate decode(byte[] bytes, RoundStart start) {
        List<Slice> slices = slices(bytes, start.checksum());
        int size = size(bytes);
        float[][] content = new float[vectors(bytes)][size];
        for (Slice slice : slices) {
            int from = slice.number() * SLICE;
            FloatPlanes.decode(
                    slice.bytes(),
                    start.vector(slice.vector()),
                    content[slice.vector()],
                    from,
                    Math.min(SLICE, size - from));
        }
        OptimizerState moments =
                content.length == 1 ? OptimizerState.none() : new OptimizerState(content[1], content[2]);
        return new LocalUpdate(content[0], moments, tally(bytes));
    }

    /**
     * The slices of a message, which look into it.
     *
     * @param start checksum of the start that it was written with
     * @throws IllegalArgumentException if the bytes are damaged, or belong to another start
     */
    public static List<Slice> slices(byte[] bytes, int start) {
        requireUndamaged(bytes);
        int made = little(bytes).getInt(START_AT);
        if (made != start) {
            throw new IllegalArgumentException(
                    "Cannot read a round's message of %d bytes: it was made from the start %08x, not from %08x"
                            .formatted(bytes.length, made, start));
        }
        return slices(bytes);
    }

    private static List<Slice> slices(byte[] bytes) {
        ByteBuffer in = little(bytes).position(HEADER);
        List<Slice> slices = new ArrayList<>();
        for (int vector = 0; vector < vectors(bytes); vector++) {
            for (int number = 0; (long) number * SLICE < size(bytes); number++) {
                int length = in.getInt();
                slices.add(new Slice(vector, number, in.slice(in.position(), length)));
                in.position(in.position() + length);
            }
        }
        return slices;
    }

    /**
     * Floats of one slice of a message that was checked when it was opened or made.
     *
     * @param bytes of a message that is a difference to nothing
     * @return none if the message has no such vector
     */
    public static float[] slice(byte[] bytes, int vector, int number) {
        return slices(bytes).stream()
                .filter(slice -> slice.vector() == vector && slice.number() == number)
                .findFirst()
                .map(slice -> floats(slice.bytes(), Math.min(SLICE, size(bytes) - number * SLICE), new float[0]))
                .orElse(new float[0]);
    }

    /**
     * Floats of one slice.
     *
     * @param bytes of the slice
     * @param count of its floats
     * @param start floats of the same slice at the round's start; empty if there were none
     */
    public static float[] floats(ByteBuffer bytes, int count, float[] start) {
        float[] floats = new float[count];
        FloatPlanes.decode(bytes, start, floats, 0, count);
        return floats;
    }

    /** Number k of a message's values. */
    public static int size(byte[] bytes) {
        return little(bytes).getInt(SIZE_AT);
    }

    /** What went into a message. */
    public static RoundTally tally(byte[] bytes) {
        ByteBuffer in = little(bytes).position(TALLY_AT);
        return new RoundTally(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble());
    }

    /** What tells a message from others. */
    public static int checksum(byte[] bytes) {
        return little(bytes).getInt(CRC_AT);
    }

    private static int vectors(byte[] bytes) {
        return little(bytes).getInt(VECTORS_AT);
    }

    private static void putTally(ByteBuffer out, RoundTally tally) {
        out.putLong(tally.steps())
                .putLong(tally.examples())
                .putLong(tally.targets())
                .putLong(tally.units());
        out.putDouble(tally.lossSum()).putDouble(tally.largestNorm());
    }

    private static void requireUndamaged(byte[] bytes) {
        ByteBuffer in = little(bytes);
        if (bytes.length < HEADER || in.getInt(0) != MAGIC || in.getInt(CRC_AT) != crc(bytes)) {
            throw new IllegalArgumentException(
                    "Cannot read a round's message of %d bytes: it is damaged".formatted(bytes.length));
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, START_AT, bytes.length - START_AT);
        return (int) crc.getValue();
    }
}

package io.sparkpeft.spark.wire;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Floats in few bytes, to the bit, where the reader has others that they are near to. The bits of a float, those of a
 * negative one turned over, are an integer that grows with it: o(x) = b ⊕ ((b ≫ 31) ∧ 0x7fffffff). What is written of x
 * beside its reference r is d = o(x) − o(r) modulo 2³², with its sign last, (d ≪ 1) ⊕ (d ≫ 31): for any bits, NaN and
 * −0 included, and small where x is near to r. Without a reference r is 0, and what is written is the exponent, the
 * mantissa and the sign. The four bytes of these integers are written plane by plane, the most significant bytes of all
 * first, each plane as it is or, where that is smaller, as a Zstandard frame.
 *
 * <pre>byte which planes are frames, bit 3 the most significant; for each plane: int length of the frame, its bytes; or
 * as many bytes as there are floats. Where no plane is a frame: the floats themselves.</pre>
 *
 * Everything is little-endian. The same floats and reference give the same bytes.
 */
final class FloatPlanes {
    /** Bytes beside those of the floats, at most. */
    static final int HEADER = 1;

    private static final int PLANES = Float.BYTES;
    /** No more is to be had from higher levels: there are few repetitions, and frequent bytes are found by all. */
    private static final int LEVEL = 1;
    /** Bytes of a long plane that are tried first. */
    private static final int SAMPLE = 1 << 14;

    private FloatPlanes() {}

    /**
     * The bytes of some of the values.
     *
     * @param reference floats from the same place on; empty for none
     */
    static byte[] encode(float[] values, int from, int count, float[] reference) {
        byte[] planes = split(values, from, count, reference);
        byte[] frame = new byte[Math.toIntExact(Zstd.compressBound(count))];
        ByteBuffer out = ByteBuffer.allocate(HEADER + PLANES * count).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0);
        int frames = 0;
        for (int plane = 0; plane < PLANES; plane++) {
            int length = compress(planes, plane * count, count, frame);
            if (length + Integer.BYTES < count) {
                frames |= 1 << (PLANES - 1 - plane);
                out.putInt(length).put(frame, 0, length);
            } else {
                out.put(planes, plane * count, count);
            }
        }
        if (frames == 0) {
            return raw(values, from, count);
        }
        return Arrays.copyOf(out.put(0, (byte) frames).array(), out.position());
    }

    /** The bytes of some of the values as they are. */
    static byte[] raw(float[] values, int from, int count) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + PLANES * count).order(ByteOrder.LITTLE_ENDIAN);
        out.position(HEADER);
        out.asFloatBuffer().put(values, from, count);
        return out.array();
    }

    /**
     * Reads floats from the buffer's position to its limit.
     *
     * @param reference as it was written with
     * @param target where they go, from {@code from} on
     */
    static void decode(ByteBuffer bytes, float[] reference, float[] target, int from, int count) {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int frames = in.get();
        if (frames == 0) {
            in.asFloatBuffer().get(target, from, count);
            return;
        }
        byte[] planes = new byte[PLANES * count];
        for (int plane = 0; plane < PLANES; plane++) {
            if ((frames & 1 << (PLANES - 1 - plane)) == 0) {
                in.get(planes, plane * count, count);
                continue;
            }
            int length = in.getInt();
            Zstd.decompressByteArray(
                    planes, plane * count, count, in.array(), in.arrayOffset() + in.position(), length);
            in.position(in.position() + length);
        }
        join(planes, reference, target, from, count);
    }

    /** The length of a plane's frame, or of more than the plane where that is plain from a part of it. */
    private static int compress(byte[] planes, int from, int count, byte[] frame) {
        if (count > 4 * SAMPLE) {
            int middle = from + (count - SAMPLE) / 2;
            if (frame(planes, middle, SAMPLE, frame) > SAMPLE - SAMPLE / 64) {
                return count;
            }
        }
        return frame(planes, from, count, frame);
    }

    private static int frame(byte[] bytes, int from, int count, byte[] frame) {
        return (int) Zstd.compressByteArray(frame, 0, frame.length, bytes, from, count, LEVEL);
    }

    private static byte[] split(float[] values, int from, int count, float[] reference) {
        byte[] planes = new byte[PLANES * count];
        boolean alone = reference.length == 0;
        for (int i = 0; i < count; i++) {
            int difference = ordered(values[from + i]) - (alone ? 0 : ordered(reference[from + i]));
            int z = (difference << 1) ^ (difference >> 31);
            planes[i] = (byte) (z >>> 24);
            planes[i + count] = (byte) (z >>> 16);
            planes[i + 2 * count] = (byte) (z >>> 8);
            planes[i + 3 * count] = (byte) z;
        }
        return planes;
    }

    private static void join(byte[] planes, float[] reference, float[] target, int from, int count) {
        boolean alone = reference.length == 0;
        for (int i = 0; i < count; i++) {
            int z = planes[i] << 24
                    | (planes[i + count] & 255) << 16
                    | (planes[i + 2 * count] & 255) << 8
                    | (planes[i + 3 * count] & 255);
            int difference = (z >>> 1) ^ -(z & 1);
            int order = difference + (alone ? 0 : ordered(reference[from + i]));
            target[from + i] = Float.intBitsToFloat(turned(order));
        }
    }

    private static int ordered(float value) {
        return turned(Float.floatToRawIntBits(value));
    }

    /** Its own inverse. */
    private static int turned(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }
}

package io.sparkpeft.spark.wire;

import com.github.luben.zstd.Zstd;
import io.sparkpeft.param.Bfloat16;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Floats in few bytes, to the bit, where the reader has others that they are near to. The bits of a float, those of a
 * negative one turned over, are an integer that grows with it: o(x) = b ⊕ ((b ≫ 31) ∧ 0x7fffffff). What is written of x
 * beside its reference r is d = o(x) − o(r) modulo 2³², with its sign last, (d ≪ 1) ⊕ (d ≫ 31): for any bits, NaN and
 * −0 included, and small where x is near to r. Without a reference r is 0, and what is written is the exponent, the
 * mantissa and the sign. The bytes of these integers are written plane by plane, the most significant bytes of all
 * first, each plane as it is or, where that is smaller, as a Zstandard frame. Where all floats and references are
 * bfloat16, all of this is done to their upper halves, modulo 2¹⁶, which makes two planes of four.
 *
 * <pre>byte: bits 0 to 3 which planes are frames, the highest the most significant; bit 4 for halves;
 * for each plane: int length of the frame, its bytes; or as many bytes as there are floats.
 * Where no plane is a frame: the floats or halves themselves.</pre>
 *
 * Everything is little-endian. The same floats and reference give the same bytes.
 */
final class FloatPlanes {
    /** Bytes beside those of the floats, at most. */
    static final int HEADER = 1;

    private static final int HALVES = 1 << Float.BYTES;
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
        boolean halves = areHalves(values, from, count) && (reference.length == 0 || areHalves(reference, from, count));
        int width = halves ? Short.BYTES : Float.BYTES;
        byte[] planes = split(values, from, count, reference, width);
        byte[] frame = new byte[Math.toIntExact(Zstd.compressBound(count))];
        ByteBuffer out = ByteBuffer.allocate(HEADER + width * count).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0);
        int frames = 0;
        for (int plane = 0; plane < width; plane++) {
            int length = compress(planes, plane * count, count, frame);
            if (length + Integer.BYTES < count) {
                frames |= 1 << (width - 1 - plane);
                out.putInt(length).put(frame, 0, length);
            } else {
                out.put(planes, plane * count, count);
            }
        }
        if (frames == 0) {
            return halves ? rawHalves(values, from, count) : rawFloats(values, from, count);
        }
        out.put(0, (byte) (halves ? HALVES | frames : frames));
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The bytes of some of the values as they are. */
    static byte[] raw(float[] values, int from, int count) {
        return areHalves(values, from, count) ? rawHalves(values, from, count) : rawFloats(values, from, count);
    }

    private static byte[] rawFloats(float[] values, int from, int count) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        out.position(HEADER);
        out.asFloatBuffer().put(values, from, count);
        return out.array();
    }

    private static byte[] rawHalves(float[] values, int from, int count) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + Short.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) HALVES);
        for (int i = from; i < from + count; i++) {
            out.putShort((short) (Float.floatToRawIntBits(values[i]) >>> Short.SIZE));
        }
        return out.array();
    }

    private static boolean areHalves(float[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!Bfloat16.holds(values[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads floats from the buffer's position to its limit.
     *
     * @param reference as it was written with
     * @param target where they go, from {@code from} on
     */
    static void decode(ByteBuffer bytes, float[] reference, float[] target, int from, int count) {
        ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int first = in.get();
        boolean halves = (first & HALVES) != 0;
        int frames = first & ~HALVES;
        if (frames != 0) {
            int width = halves ? Short.BYTES : Float.BYTES;
            join(planes(in, frames, width, count), reference, target, from, width);
        } else if (halves) {
            for (int i = from; i < from + count; i++) {
                target[i] = Float.intBitsToFloat(in.getShort() << Short.SIZE);
            }
        } else {
            in.asFloatBuffer().get(target, from, count);
        }
    }

    private static byte[] planes(ByteBuffer in, int frames, int width, int count) {
        byte[] planes = new byte[width * count];
        for (int plane = 0; plane < width; plane++) {
            if ((frames & 1 << (width - 1 - plane)) == 0) {
                in.get(planes, plane * count, count);
                continue;
            }
            int length = in.getInt();
            Zstd.decompressByteArray(
                    planes, plane * count, count, in.array(), in.arrayOffset() + in.position(), length);
            in.position(in.position() + length);
        }
        return planes;
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

    private static byte[] split(float[] values, int from, int count, float[] reference, int width) {
        byte[] planes = new byte[width * count];
        boolean alone = reference.length == 0;
        int unused = Integer.SIZE - width * Byte.SIZE;
        for (int i = 0; i < count; i++) {
            int difference =
                    (ordered(values[from + i]) >> unused) - (alone ? 0 : ordered(reference[from + i]) >> unused);
            // The sign of a half is that of its lowest 16 bits.
            int wrapped = difference << unused >> unused;
            int z = (wrapped << 1) ^ (wrapped >> 31);
            for (int plane = 0; plane < width; plane++) {
                planes[i + plane * count] = (byte) (z >>> (width - 1 - plane) * Byte.SIZE);
            }
        }
        return planes;
    }

    private static void join(byte[] planes, float[] reference, float[] target, int from, int width) {
        int count = planes.length / width;
        boolean alone = reference.length == 0;
        int unused = Integer.SIZE - width * Byte.SIZE;
        for (int i = 0; i < count; i++) {
            int z = 0;
            for (int plane = 0; plane < width; plane++) {
                z = z << Byte.SIZE | (planes[i + plane * count] & 255);
            }
            int difference = (z >>> 1) ^ -(z & 1);
            int order = (difference + (alone ? 0 : ordered(reference[from + i]) >> unused)) << unused;
            target[from + i] = Float.intBitsToFloat(unused == 0 ? turned(order) : turnedHalf(order));
        }
    }

    private static int ordered(float value) {
        return turned(Float.floatToRawIntBits(value));
    }

    /** Its own inverse. */
    private static int turned(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    /** The same of a float's upper half, whose lower half is 0 before and after. */
    private static int turnedHalf(int bits) {
        return bits ^ ((bits >> 31) & 0x7FFF0000);
    }
}

package io.sparkpeft.spark;

import io.sparkpeft.average.ShardUpdate;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * What a round sends: k values and, where moments are averaged, twice k moments, as little-endian floats in bulk behind
 * a header of {@value #HEADER} bytes with a CRC-32C. Downwards the tally is zero.
 *
 * <pre>int magic, int crc of what follows, int k, int vectors (1 or 3), long steps, examples, targets, units,
 * double loss sum, double largest norm, vectors·k floats</pre>
 */
public final class RoundWire {
    static final int HEADER = 4 * Integer.BYTES + 6 * Long.BYTES;
    private static final int MAGIC = 0x52504653;
    private static final int CRC_FROM = 2 * Integer.BYTES;

    private RoundWire() {}

    /**
     * Length in bytes of a message.
     *
     * @param size k
     * @param moments whether it holds moments too
     */
    public static long length(long size, boolean moments) {
        return HEADER + size * (moments ? 3 : 1) * Float.BYTES;
    }

    /** The bytes of a message; moments may be none. */
    public static byte[] encode(float[] values, OptimizerState moments, RoundTally tally) {
        int vectors = moments.isNone() ? 1 : 3;
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(HEADER + (long) vectors * values.length * Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putInt(0).putInt(values.length).putInt(vectors);
        buffer.putLong(tally.steps())
                .putLong(tally.examples())
                .putLong(tally.targets())
                .putLong(tally.units());
        buffer.putDouble(tally.lossSum()).putDouble(tally.largestNorm());
        put(buffer, values);
        if (vectors == 3) {
            put(buffer, moments.first());
            put(buffer, moments.second());
        }
        buffer.putInt(Integer.BYTES, crc(buffer.array()));
        return buffer.array();
    }

    /**
     * The message in the bytes.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    public static LocalUpdate decode(byte[] bytes) {
        ShardUpdate update = open(bytes);
        List<float[]> vectors = update.vectors().stream().map(RoundWire::copy).toList();
        OptimizerState moments =
                vectors.size() == 1 ? OptimizerState.none() : new OptimizerState(vectors.get(1), vectors.get(2));
        return new LocalUpdate(vectors.get(0), moments, update.tally());
    }

    /**
     * The message in the bytes, which its vectors look into.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    public static ShardUpdate open(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER || buffer.getInt() != MAGIC || buffer.getInt() != crc(bytes)) {
            throw new IllegalArgumentException(
                    "Cannot read a round's message of %d bytes: it is damaged".formatted(bytes.length));
        }
        int size = buffer.getInt();
        int vectors = buffer.getInt();
        RoundTally tally = new RoundTally(
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getLong(),
                buffer.getDouble(),
                buffer.getDouble());
        FloatBuffer floats = buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        return new ShardUpdate(
                tally,
                IntStream.range(0, vectors)
                        .mapToObj(v -> floats.slice(v * size, size))
                        .toList());
    }

    /** The values of a message that was checked when it was opened or made, which they look into. */
    public static FloatBuffer values(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = buffer.getInt(2 * Integer.BYTES);
        return buffer.slice(HEADER, size * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
    }

    private static float[] copy(FloatBuffer buffer) {
        float[] values = new float[buffer.limit()];
        buffer.get(0, values);
        return values;
    }

    private static void put(ByteBuffer buffer, float[] values) {
        buffer.asFloatBuffer().put(values);
        buffer.position(buffer.position() + values.length * Float.BYTES);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, CRC_FROM, bytes.length - CRC_FROM);
        return (int) crc.getValue();
    }
}

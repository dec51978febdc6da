package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/**
 * One call of fit between two rounds: what all other weights are follows from those it started from and the masks.
 *
 * @param rounds made
 * @param masks of the network
 * @param values the tuned weights, in mask order
 * @param running the running statistics
 * @param moments of the optimiser; none where they are not kept
 */
record FitCheckpoint(int rounds, Masks masks, float[] values, float[] running, OptimizerState moments) {
    private static final int FORMAT = 1;
    private static final int HASH = 64;

    /** A hash of what follows, the format, and the parts one by one. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            out.writeInt(rounds);
            write(masks.kept(), out);
            write(masks.tuned(), out);
            for (float[] part : new float[][] {values, running, moments.first(), moments.second()}) {
                ByteBuffer buffer =
                        ByteBuffer.allocate(part.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                buffer.asFloatBuffer().put(part);
                out.writeInt(part.length);
                out.write(buffer.array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a checkpoint: " + e.getMessage(), e);
        }
        byte[] body = bytes.toByteArray();
        byte[] hash = new Fingerprint().add(body).hex().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(hash, HASH + body.length);
        System.arraycopy(body, 0, whole, HASH, body.length);
        return whole;
    }

    private static void write(ParameterMask mask, DataOutputStream out) throws IOException {
        for (int t = 0; t < mask.layout().count(); t++) {
            mask.tensor(t).serialize(out);
        }
    }

    /**
     * What {@link #bytes} wrote.
     *
     * @throws IOException if it is damaged, or of another format
     */
    static FitCheckpoint of(byte[] whole, ParameterLayout layout) throws IOException {
        byte[] body = whole.length < HASH ? new byte[0] : Arrays.copyOfRange(whole, HASH, whole.length);
        String hash = new String(whole, 0, Math.min(HASH, whole.length), StandardCharsets.US_ASCII);
        if (!new Fingerprint().add(body).hex().equals(hash)) {
            throw new IOException("it is damaged");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        int format = in.readInt();
        if (format != FORMAT) {
            throw new IOException("it is of format %d, not %d".formatted(format, FORMAT));
        }
        int rounds = in.readInt();
        Masks masks = new Masks(mask(in, layout), mask(in, layout));
        return new FitCheckpoint(rounds, masks, floats(in), floats(in), new OptimizerState(floats(in), floats(in)));
    }

    private static ParameterMask mask(DataInputStream in, ParameterLayout layout) throws IOException {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            tensors[t].deserialize(in);
        }
        return new ParameterMask(layout, tensors);
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = in.readNBytes(values.length * Float.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }
}

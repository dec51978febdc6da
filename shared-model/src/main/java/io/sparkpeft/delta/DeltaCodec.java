package io.sparkpeft.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/**
 * The file of a mask or a delta, little-endian:
 *
 * <pre>
 *   "SPDELTA1"
 *   block: header, JSON of {@link DeltaHeader}
 *   block per tensor with members: int tensor, int members, int n, n bytes of {@link IndexCodec}, values
 * </pre>
 *
 * A block is its length (int), its bytes and their CRC-32 (int). About 5.1 bytes a weight in float32 at 1 % density.
 */
public final class DeltaCodec {
    private static final byte[] MAGIC = "SPDELTA1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    private DeltaCodec() {}

    /** The file of a mask. */
    public static byte[] encode(ParameterMask mask) {
        DeltaHeader header = new DeltaHeader(
                mask.layout().fingerprint(), "", mask.fingerprint(), mask.count(), ValueType.NONE, java.util.Map.of());
        return encode(header, mask, new float[0]);
    }

    /** The file of a delta. */
    public static byte[] encode(SparseDelta delta) {
        return encode(delta.header(), delta.index().mask(), delta.values());
    }

    private static byte[] encode(DeltaHeader header, ParameterMask mask, float[] values) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(MAGIC);
            writeBlock(out, JSON.writeValueAsBytes(header));
            int from = 0;
            for (int t = 0; t < mask.layout().count(); t++) {
                int count = mask.count(t);
                if (count > 0) {
                    writeBlock(out, tensor(mask, t, values, from, header.values()));
                    from += count;
                }
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError("A delta can be written to memory", e);
        }
    }

    private static byte[] tensor(ParameterMask mask, int tensor, float[] values, int from, ValueType type) {
        int count = mask.count(tensor);
        TensorSpec spec = mask.layout().tensor(tensor);
        byte[] indices = IndexCodec.encode(mask.tensor(tensor), spec.rows(), spec.columns());
        ByteBuffer block = buffer(3 * Integer.BYTES + indices.length + count * type.bytes());
        block.putInt(tensor).putInt(count).putInt(indices.length).put(indices);
        for (int i = 0; i < count && type != ValueType.NONE; i++) {
            type.put(block, values[from + i]);
        }
        return block.array();
    }

    /**
     * The mask in a file.
     *
     * @param source names the file in errors
     * @throws DeltaFormatException if it is damaged or belongs to a model of another layout
     */
    public static ParameterMask decodeMask(byte[] file, ParameterLayout layout, String source) {
        return read(file, layout, source).mask();
    }

    /**
     * The delta in a file; its values are empty where the file is a mask.
     *
     * @param source names the file in errors
     * @throws DeltaFormatException if it is damaged or belongs to a model of another layout
     */
    public static SparseDelta decode(byte[] file, ParameterLayout layout, String source) {
        Content content = read(file, layout, source);
        return new SparseDelta(content.header(), new MaskIndex(content.mask()), content.values());
    }

    private record Content(DeltaHeader header, ParameterMask mask, float[] values) {}

    private static Content read(byte[] file, ParameterLayout layout, String source) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        DeltaHeader header = header(in, source);
        if (!header.layout().equals(layout.fingerprint())) {
            throw new DeltaFormatException(
                    "Cannot use %s: it belongs to a model with other tensors (layout %.12s, this model has %.12s)"
                            .formatted(source, header.layout(), layout.fingerprint()));
        }
        if (header.count() < 0 || header.count() > layout.size()) {
            throw DeltaFormatException.damaged(
                    source,
                    MAGIC.length,
                    "it announces %d weights of a model of %d".formatted(header.count(), layout.size()));
        }
        RoaringBitmap[] members = new RoaringBitmap[layout.count()];
        Arrays.setAll(members, t -> new RoaringBitmap());
        float[] values = new float[header.values() == ValueType.NONE ? 0 : Math.toIntExact(header.count())];
        int filled = 0;
        while (in.hasRemaining()) {
            int offset = in.position();
            ByteBuffer block = readBlock(in, source);
            try {
                filled = readTensor(block, layout, header.values(), members, values, filled);
            } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
                throw DeltaFormatException.damaged(source, offset, "a block ends too early");
            } catch (DeltaFormatException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw DeltaFormatException.damaged(source, offset, e.getMessage());
            }
        }
        ParameterMask mask = new ParameterMask(layout, members);
        if (mask.count() != header.count() || !mask.fingerprint().equals(header.mask())) {
            throw DeltaFormatException.damaged(
                    source,
                    file.length,
                    "%d weights are listed, the header announces %d".formatted(mask.count(), header.count()));
        }
        return new Content(header, mask, values);
    }

    /**
     * What a file says of itself.
     *
     * @throws DeltaFormatException if it is no delta or mask file, or its header is damaged
     */
    public static DeltaHeader header(byte[] file, String source) {
        return header(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN), source);
    }

    private static DeltaHeader header(ByteBuffer in, String source) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic, 0, Math.min(magic.length, in.remaining()));
        if (!Arrays.equals(MAGIC, magic)) {
            throw new DeltaFormatException("Cannot read %s: it is no delta or mask file".formatted(source));
        }
        int offset = in.position();
        ByteBuffer block = readBlock(in, source);
        byte[] json = new byte[block.remaining()];
        block.get(json);
        try {
            return JSON.readValue(json, DeltaHeader.class);
        } catch (JsonProcessingException e) {
            throw DeltaFormatException.damaged(source, offset, e.getOriginalMessage());
        } catch (IOException e) {
            throw new AssertionError("JSON can be read from memory", e);
        }
    }

    private static int readTensor(
            ByteBuffer block, ParameterLayout layout, ValueType type, RoaringBitmap[] members, float[] values, int at) {
        int tensor = block.getInt();
        int count = block.getInt();
        int indexBytes = block.getInt();
        TensorSpec spec = layout.tensor(tensor);
        if (count < 0 || count > spec.size()) {
            throw new IllegalArgumentException(
                    "it announces %d of a tensor's %d weights".formatted(count, spec.size()));
        }
        ByteBuffer indices = block.slice(block.position(), indexBytes);
        members[tensor] = IndexCodec.decode(indices, spec.rows(), spec.columns(), count);
        block.position(block.position() + indexBytes);
        int filled = at;
        for (int i = 0; i < count && type != ValueType.NONE; i++) {
            values[filled++] = type.take(block);
        }
        return filled;
    }

    private static void writeBlock(ByteArrayOutputStream out, byte[] content) throws IOException {
        out.write(buffer(Integer.BYTES).putInt(content.length).array());
        out.write(content);
        out.write(buffer(Integer.BYTES).putInt(crc(content)).array());
    }

    private static ByteBuffer readBlock(ByteBuffer in, String source) {
        int offset = in.position();
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || in.remaining() < (long) length + Integer.BYTES) {
            throw DeltaFormatException.damaged(source, offset, "the file ends within a block");
        }
        byte[] content = new byte[length];
        in.get(content);
        if (in.getInt() != crc(content)) {
            throw DeltaFormatException.damaged(source, offset, "a checksum does not fit");
        }
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }
}

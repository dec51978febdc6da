package io.sparkpeft.datasets.row;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A record after tokenisation.
 *
 * @param slice index of the slice it begins in
 * @param slot its place in the slice; a text of several windows takes as many places
 * @param rank texts kept before it in the slice
 * @param content what became of it
 */
public record TokenRow(int slice, long slot, long rank, Content content) {

    /** What became of a record. */
    public sealed interface Content {}

    /**
     * A text in one or more windows.
     *
     * @param id hash of the text
     * @param label as it is written, empty for none
     * @param truncated whether its end was cut off
     * @param typeIds of each window; empty where all are 0
     */
    public record Kept(long id, String label, boolean truncated, int[][] tokens, int[][] typeIds) implements Content {}

    /** A text of too few tokens. */
    public record Short() implements Content {}

    /** A record that cannot be used. */
    public record Malformed(long offset, String reason, String detail, String raw) implements Content {}

    /** How many places the record takes. */
    public int slots() {
        return content instanceof Kept kept ? kept.tokens().length : 1;
    }

    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(slice);
            out.writeLong(slot);
            out.writeLong(rank);
            if (content instanceof Kept kept) {
                out.writeByte(0);
                out.writeLong(kept.id());
                writeText(out, kept.label());
                out.writeBoolean(kept.truncated());
                out.writeInt(kept.tokens().length);
                for (int w = 0; w < kept.tokens().length; w++) {
                    writeInts(out, kept.tokens()[w]);
                    writeInts(out, kept.typeIds()[w]);
                }
            } else if (content instanceof Malformed malformed) {
                out.writeByte(1);
                out.writeLong(malformed.offset());
                writeText(out, malformed.reason());
                writeText(out, malformed.detail());
                writeText(out, malformed.raw());
            } else {
                out.writeByte(2);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static TokenRow fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new TokenRow(in.readInt(), in.readLong(), in.readLong(), readContent(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Content readContent(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case 0 -> {
                long id = in.readLong();
                String label = readText(in);
                boolean truncated = in.readBoolean();
                int[][] tokens = new int[in.readInt()][];
                int[][] typeIds = new int[tokens.length][];
                for (int w = 0; w < tokens.length; w++) {
                    tokens[w] = readInts(in);
                    typeIds[w] = readInts(in);
                }
                yield new Kept(id, label, truncated, tokens, typeIds);
            }
            case 1 -> new Malformed(in.readLong(), readText(in), readText(in), readText(in));
            default -> new Short();
        };
    }

    /** Length and values. */
    public static void writeInts(DataOutputStream out, int[] values) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    /** What {@link #writeInts} wrote. */
    public static int[] readInts(DataInputStream in) throws IOException {
        int[] values = new int[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

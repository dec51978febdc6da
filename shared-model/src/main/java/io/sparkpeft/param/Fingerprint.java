package io.sparkpeft.param;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 over bytes, floats and longs, little-endian. */
public final class Fingerprint {
    private static final int CHUNK = 1 << 14;

    private final MessageDigest digest;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }

    public Fingerprint add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    public Fingerprint add(long value) {
        chunk.clear().putLong(value).flip();
        digest.update(chunk);
        return this;
    }

    public Fingerprint add(float[] values) {
        return add(values, values.length);
    }

    /** Adds the first {@code length} values. */
    public Fingerprint add(float[] values, int length) {
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            chunk.clear();
            chunk.asFloatBuffer().put(values, from, count);
            chunk.limit(count * Float.BYTES);
            digest.update(chunk);
        }
        return this;
    }

    public Fingerprint add(int[] values) {
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            chunk.clear();
            chunk.asIntBuffer().put(values, from, count);
            chunk.limit(count * Integer.BYTES);
            digest.update(chunk);
        }
        return this;
    }

    /** The digest in hexadecimal; the fingerprint starts anew afterwards. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}

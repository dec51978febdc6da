package io.sparkpeft.datasets.corpus.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.Optional;

/** Bytes of a record while it is read: bounded, so that a file without line breaks cannot fill the memory. */
final class ByteBuilder {
    static final int MAX_BYTES = 1 << 24;
    static final String TOO_LONG = "longer than 16 MiB";

    private final Charset charset;
    private final CharsetDecoder decoder;
    private byte[] bytes = new byte[256];
    private int length;
    private boolean tooLong;

    ByteBuilder(String charset) {
        this.charset = Charset.forName(charset);
        decoder = this.charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    void clear() {
        length = 0;
        tooLong = false;
    }

    /** Adds a byte; what goes beyond the bound is dropped and remembered. */
    void add(int value) {
        if (length == MAX_BYTES) {
            tooLong = true;
            return;
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) value;
    }

    void dropLast(int value) {
        if (length > 0 && bytes[length - 1] == (byte) value) {
            length--;
        }
    }

    int length() {
        return length;
    }

    boolean isTooLong() {
        return tooLong;
    }

    /** Whether there is nothing but spaces and tabs. */
    boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The text; empty where the bytes are none of the charset. */
    Optional<String> decode() {
        try {
            return Optional.of(decoder.decode(ByteBuffer.wrap(bytes, 0, length)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The beginning of the text, with wrong bytes replaced. */
    String excerpt() {
        return new String(bytes, 0, Math.min(length, 4096), charset);
    }

    /** Why the bytes cannot be used. */
    String problem() {
        return tooLong ? TOO_LONG : "not " + charset.name();
    }
}

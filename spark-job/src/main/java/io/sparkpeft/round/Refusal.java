package io.sparkpeft.round;

import io.sparkpeft.failure.JobException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a shard returns in place of an update when it found that no attempt can make one: a sentence that says why. An
 * exception would have Spark try the shard again, to the same end.
 */
final class Refusal {
    private static final int MAGIC = 0x53524653;

    private Refusal() {}

    /** The message of a refusal. */
    static byte[] message(String sentence) {
        byte[] text = sentence.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + text.length)
                .putInt(MAGIC)
                .put(text)
                .array();
    }

    static boolean is(byte[] message) {
        return message.length >= Integer.BYTES && ByteBuffer.wrap(message).getInt() == MAGIC;
    }

    /** @throws JobException with the sentence, if the message is a refusal */
    static void requireNone(byte[] message) {
        if (is(message)) {
            throw JobException.config(
                    new String(message, Integer.BYTES, message.length - Integer.BYTES, StandardCharsets.UTF_8));
        }
    }
}

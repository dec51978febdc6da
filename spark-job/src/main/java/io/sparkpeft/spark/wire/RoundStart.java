package io.sparkpeft.spark.wire;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;

/**
 * What a round starts from, which driver and shards both have: what comes back is written as the difference to it.
 *
 * @param checksum of the message that brought it; 0 for none
 * @param values the tuned weights, [k]; empty for none
 * @param moments of the optimiser; none where they start from 0
 */
public record RoundStart(int checksum, float[] values, OptimizerState moments) {
    /** Nothing that both have. */
    static final RoundStart NONE = new RoundStart(0, new float[0], OptimizerState.none());

    /**
     * What a message says that needs no other.
     *
     * @throws IllegalArgumentException if the message is damaged
     */
    public static RoundStart of(byte[] message) {
        LocalUpdate content = RoundWire.decode(message);
        return of(content.values(), content.moments(), message);
    }

    /** The same where the content of the message is known. */
    public static RoundStart of(float[] values, OptimizerState moments, byte[] message) {
        return new RoundStart(RoundWire.checksum(message), values, moments);
    }

    /** The message with this and no more. */
    public static byte[] message(float[] values, OptimizerState moments) {
        return RoundWire.encode(new LocalUpdate(values, moments, RoundTally.ZERO), NONE);
    }

    float[] vector(int number) {
        return switch (number) {
            case 0 -> values;
            case 1 -> moments.first();
            default -> moments.second();
        };
    }
}

package io.sparkpeft.round;

import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.FiniteValues;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.NonFiniteLossException;
import java.util.function.Supplier;

/**
 * What a shard sends back from a round: its update, or its {@link Refusal} where loss or weights are no numbers any more.
 *
 * @param round which it is
 * @param shard whose reply
 */
public record ShardReply(RoundPlan round, int shard) {
    /**
     * Makes the local steps and writes what they came to.
     *
     * @param start that driver and shard share
     */
    public byte[] of(RoundStart start, Supplier<LocalUpdate> steps) {
        try {
            LocalUpdate update = steps.get();
            return FiniteValues.areIn(update.values())
                    ? RoundWire.encode(update.withMoments(round.sent(update.moments(), shard)), start)
                    : refusal("a tuned weight overflowed in the last local step");
        } catch (NonFiniteLossException e) {
            return refusal(e.getMessage());
        }
    }

    private byte[] refusal(String why) {
        return Refusal.message("Cannot finish round %d on shard %d: %s; a lower learning rate or clipping may help"
                .formatted(round.number(), shard, why));
    }
}

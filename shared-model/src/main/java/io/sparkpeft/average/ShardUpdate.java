package io.sparkpeft.average;

import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * What one shard made in a round; the buffers may look into a message, which then need not be copied.
 *
 * @param tally what went in
 * @param vectors the tuned weights, [k], and where moments are averaged the first and the second of them, [k] each
 */
public record ShardUpdate(RoundTally tally, List<FloatBuffer> vectors) {
    public static ShardUpdate of(LocalUpdate update) {
        FloatBuffer values = FloatBuffer.wrap(update.values());
        List<FloatBuffer> vectors = update.moments().isNone()
                ? List.of(values)
                : List.of(
                        values,
                        FloatBuffer.wrap(update.moments().first()),
                        FloatBuffer.wrap(update.moments().second()));
        return new ShardUpdate(update.tally(), vectors);
    }

    boolean hasMoments() {
        return vectors.size() > 1;
    }
}

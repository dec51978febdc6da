package io.sparkpeft.round;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.spark.wire.RoundWire;
import org.apache.spark.SparkConf;

/** What a round can carry, told before anything is sent: Spark itself would fail, and again at every new start. */
public final class RoundLimits {
    private static final String RESULTS = "spark.driver.maxResultSize";

    private RoundLimits() {}

    /**
     * @param weights that are tuned, k
     * @throws JobException if a message would be longer than an array, or what all shards or the merging executors return
     *     more than Spark lets the driver collect
     */
    public static void require(SparkConf conf, long weights, int shards, Moments moments) {
        long message = RoundWire.length(weights, moments.bytes());
        if (message > Integer.MAX_VALUE) {
            throw JobException.config(
                    "Cannot tune %,d weights in rounds: a message of %s is longer than the %s that Java holds in one; lower update.density, or let rounds carry less of the moments (train.moments)"
                            .formatted(weights, Amounts.bytes(message), Amounts.bytes(Integer.MAX_VALUE)));
        }
        boolean onDriver = MergeUpdates.fits(weights, moments.areAveraged() ? 3 : 1, shards, MergeUpdates.DRIVER_LIMIT);
        long collected = onDriver ? shards * message : SlicedMerge.bytesOfMeans(weights, moments.areAveraged());
        long limit = conf.getSizeAsBytes(RESULTS, "1g");
        if (limit > 0 && collected > limit) {
            throw JobException.config(
                    "Cannot tune %,d weights in rounds: the driver collects %s, and %s allows %s; set it to 0, which is no limit"
                            .formatted(weights, Amounts.bytes(collected), RESULTS, Amounts.bytes(limit)));
        }
    }
}

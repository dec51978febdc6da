package io.sparkpeft.benchmark.merge;

import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.RoundWire;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;

/**
 * The update of a shard that made no steps: the same values on every shard, made once in each executor, so that only the
 * merge takes time.
 *
 * @param weights k
 * @param moments whether it holds moments too
 */
record SampleUpdate(int weights, boolean moments) implements Cluster.Task<Integer, byte[]> {
    private static final AtomicReference<float[]> VALUES = new AtomicReference<>(new float[0]);

    LocalUpdate update(int shard) {
        float[] values = values(weights);
        OptimizerState state = moments ? new OptimizerState(values, values) : OptimizerState.none();
        return new LocalUpdate(values, state, new RoundTally(1, shard + 1, 1, 1, 1, 1));
    }

    @Override
    public byte[] run(Integer shard, Configuration configuration) {
        LocalUpdate update = update(shard);
        return RoundWire.encode(update.values(), update.moments(), update.tally());
    }

    static float[] values(int count) {
        return VALUES.updateAndGet(made -> made.length == count ? made : make(count));
    }

    private static float[] make(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (CounterRandom.uniform(1, i) - 0.5);
        }
        return values;
    }
}

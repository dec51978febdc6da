package io.sparkpeft.benchmark.merge;

import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;

/**
 * The update of a shard that made no steps: the start changed by up to a thousandth, as by ten steps of Adam at a rate
 * of 1e-4, the same on every shard and made once in each executor, so that only the merge takes time.
 *
 * @param message with the start
 * @param moments whether moments are returned too
 */
record SampleUpdate(Broadcast<byte[]> message, boolean moments) implements Cluster.Task<Integer, byte[]> {
    private static final double CHANGE = 1e-3;
    private static final AtomicReference<Made> MADE =
            new AtomicReference<>(new Made(RoundStart.of(start(0)), new float[0]));

    /** What a message starts from, and where it leads. */
    private record Made(RoundStart start, float[] values) {}

    LocalUpdate update(int shard) {
        float[] values = made().values();
        OptimizerState state = moments ? new OptimizerState(values, values) : OptimizerState.none();
        return new LocalUpdate(values, state, new RoundTally(1, shard + 1, 1, 1, 1, 1));
    }

    @Override
    public byte[] run(Integer shard, Configuration configuration) {
        return RoundWire.encode(update(shard), made().start());
    }

    /** The message with a start of so many weights. */
    static byte[] start(int weights) {
        float[] values = new float[weights];
        for (int i = 0; i < weights; i++) {
            values[i] = (float) (0.1 * (CounterRandom.uniform(1, i) - 0.5));
        }
        return RoundStart.message(values, OptimizerState.none());
    }

    private Made made() {
        int checksum = RoundWire.checksum(message.value());
        return MADE.updateAndGet(last -> last.start().checksum() == checksum ? last : make(message.value()));
    }

    private static Made make(byte[] message) {
        RoundStart start = RoundStart.of(message);
        float[] values = start.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (2 * CHANGE * (CounterRandom.uniform(2, i) - 0.5));
        }
        return new Made(start, values);
    }
}

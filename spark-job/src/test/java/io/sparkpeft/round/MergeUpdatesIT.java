package io.sparkpeft.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.average.RoundAverage;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates come to the same bits whether the driver merges them or executors do. */
class MergeUpdatesIT {
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SmallWorld.session("local[2]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /**
     * @param start message that all start from
     * @param idle every so many shards saw no example
     */
    private record Update(byte[] start, int size, boolean moments, int idle) implements Cluster.Task<Integer, byte[]> {
        @Override
        public byte[] run(Integer shard, Configuration configuration) {
            long examples = shard % idle == 0 ? 0 : 3 + shard;
            OptimizerState state = moments
                    ? new OptimizerState(vector(size, shard, 1), vector(size, shard, 2))
                    : OptimizerState.none();
            RoundTally tally = new RoundTally(1, examples, examples, 7, 0.1 * shard, 1.0 / (1 + shard));
            return RoundWire.encode(new LocalUpdate(vector(size, shard, 0), state, tally), RoundStart.of(start));
        }
    }

    private static float[] vector(int size, int shard, int which) {
        float[] values = new float[size];
        long key = CounterRandom.mix(shard, which);
        for (int i = 0; i < size; i++) {
            values[i] = (float) (CounterRandom.uniform(key, i) - 0.5);
        }
        return values;
    }

    /** Of shards that start from values and, where moments come back, from moments too. */
    private static Update update(int size, boolean moments, int idle) {
        OptimizerState before =
                moments ? new OptimizerState(vector(size, -1, 1), vector(size, -1, 2)) : OptimizerState.none();
        return new Update(RoundStart.message(vector(size, -1, 0), before), size, moments, idle);
    }

    private static RoundAverage merge(long limit, int shards, Update update) {
        return merge(limit, shards, update, update);
    }

    private static RoundAverage merge(long limit, int shards, Update update, Cluster.Task<Integer, byte[]> task) {
        Cluster cluster = new Cluster(spark);
        Broadcast<byte[]> message = cluster.context().broadcast(update.start());
        MergeUpdates.Start start =
                new MergeUpdates.Start(RoundStart.of(update.start()), message, update.moments() ? 3 : 1);
        return new MergeUpdates(cluster, limit).run("merge", cluster.trainingRdd(shards, task), start);
    }

    @ParameterizedTest
    @CsvSource({"1,1,false", "5,3,true", "1048576,2,true", "1048577,3,true", "2500000,4,false", "2500000,5,true"})
    void bothWaysGiveTheSameBits(int size, int shards, boolean moments) {
        Update update = update(size, moments, 3);
        RoundAverage onDriver = merge(Long.MAX_VALUE, shards, update);
        RoundAverage onExecutors = merge(0, shards, update);

        assertThat(onExecutors.change()).isEqualTo(onDriver.change());
        assertThat(onExecutors.tally()).isEqualTo(onDriver.tally());
        assertThat(onExecutors.moments().isNone()).isEqualTo(onDriver.moments().isNone());
        assertThat(onExecutors.moments().first()).isEqualTo(onDriver.moments().first());
        assertThat(onExecutors.moments().second()).isEqualTo(onDriver.moments().second());
    }

    /** @param last shard that makes an update; those after it refuse */
    private record Refusing(Update update, int last) implements Cluster.Task<Integer, byte[]> {
        @Override
        public byte[] run(Integer shard, Configuration configuration) {
            return shard > last ? Refusal.message("Cannot: shard " + shard) : update.run(shard, configuration);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,-1", "9223372036854775807,1", "9223372036854775807,-1"})
    void aRefusalIsToldAtOnce(long limit, int last) {
        Refusing task = new Refusing(update(10, true, 3), last);
        assertThatThrownBy(() -> merge(limit, 4, task.update(), task)).hasMessage("Cannot: shard " + (last + 1));
    }

    @Test
    void noMomentsWhereNoShardSawAnExample() {
        Update idle = update(10, true, 1);
        assertThat(merge(0, 2, idle).moments().isNone()).isTrue();
        assertThat(merge(Long.MAX_VALUE, 2, idle).moments().isNone()).isTrue();
        assertThat(merge(0, 2, idle).change()).containsOnly(0.0);
    }
}

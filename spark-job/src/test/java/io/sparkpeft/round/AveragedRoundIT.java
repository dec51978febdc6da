package io.sparkpeft.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.SmallWorld;
import io.sparkpeft.average.OuterStep;
import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundTally;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round says that it moved, and what it leaves behind. */
class AveragedRoundIT {
    private static final int SHARDS = 4;
    private static final int SIZE = 200_000;
    private static final RoundPlan ROUND = new RoundPlan(1, 0, 1, Moments.RESET, 0);

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SmallWorld.session("local[2]");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Values that no compression makes smaller. */
    private record Noise(Broadcast<byte[]> start) implements Cluster.Task<Integer, byte[]> {
        @Override
        public byte[] run(Integer shard, Configuration configuration) {
            float[] values = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                values[i] = (float) CounterRandom.uniform(shard, i);
            }
            RoundTally tally = new RoundTally(1, 1, 1, 1, 0.5, 1);
            return RoundWire.encode(
                    new LocalUpdate(values, OptimizerState.none(), tally), RoundStart.of(start.value()));
        }
    }

    private static RoundVectors zeros() {
        return RoundVectors.of(new float[SIZE], OptimizerState.none());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void bytesUpAreThoseOfOneShardWhereverUpdatesAreMerged(long driverLimit) {
        try (Cluster cluster = new Cluster(spark)) {
            AveragedRound averaged = new AveragedRound(cluster, OuterStep.PLAIN, driverLimit);
            AveragedRound.Outcome made =
                    averaged.run(ROUND, zeros(), start -> cluster.trainingRdd(SHARDS, new Noise(start)));

            long update = (long) SIZE * Float.BYTES;
            assertThat(made.bytes().up()).isBetween(update * 8 / 10, update * 11 / 10);
        }
    }

    @Test
    void aRoundThatFailsLeavesNoBroadcast() {
        List<Broadcast<byte[]>> starts = new ArrayList<>();
        try (Cluster cluster = new Cluster(spark)) {
            AveragedRound averaged = new AveragedRound(cluster, OuterStep.PLAIN);
            assertThatThrownBy(() -> averaged.run(ROUND, zeros(), start -> {
                        starts.add(start);
                        return cluster.trainingRdd(SHARDS, (shard, hadoop) -> Refusal.message("Cannot: no"));
                    }))
                    .hasMessage("Cannot: no");
        }
        assertThat(starts).hasSize(1).noneMatch(Broadcast::isValid);
    }
}

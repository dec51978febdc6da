package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.data.ShardExamples;
import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.dl4j.network.ExampleBatch;
import io.sparkpeft.dl4j.replica.BaseNetwork;
import io.sparkpeft.dl4j.replica.CarriedWeights;
import io.sparkpeft.dl4j.replica.Replica;
import io.sparkpeft.dl4j.replica.Replicas;
import io.sparkpeft.metrics.ExecutorCounts;
import io.sparkpeft.metrics.RoundSums;
import io.sparkpeft.round.RoundPlan;
import io.sparkpeft.round.ShardReply;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The local steps of one worker in one round. Starts from the broadcast state alone.
 *
 * @param series what all rounds have in common
 * @param round which it is
 * @param settings of the optimiser
 * @param message the {@link CarriedWeights} at the round's start
 * @param sums shown to those who watch
 */
record RoundTask(Series series, RoundPlan round, TrainSettings settings, Broadcast<byte[]> message, RoundSums sums)
        implements Function2<Integer, Iterator<MultiDataSet>, Iterator<byte[]>> {

    /**
     * Rounds on one base network.
     *
     * @param name tells them from others
     * @param base {@link BaseNetwork}
     * @param order how examples become batches
     * @param statistics whether running statistics move
     */
    record Series(String name, Broadcast<byte[]> base, ShardExamples.Order order, boolean statistics)
            implements Serializable {}

    @Override
    public Iterator<byte[]> call(Integer shard, Iterator<MultiDataSet> data) {
        ShardExamples batches = new ShardExamples(data, series.order(), shard);
        Replica replica =
                Replicas.borrow(series.name(), series.base().value(), Dl4jModel.Mode.training(series.statistics()));
        CarriedWeights carried = replica.carried();
        RoundStart start = RoundStart.of(message.value());
        replica.model().write(carried.statistics(), carried.statistics(start.values()));
        RoundInput input = new RoundInput(
                carried.tuned(start.values()),
                carried.tuned(start.moments()),
                round.firstStep(),
                round.steps(),
                round.moments().areAveraged());
        byte[] reply;
        try (LocalTrainer<ExampleBatch> trainer = new LocalTrainer<>(replica.model(), carried.update(), settings)) {
            reply = new ShardReply(round, shard).of(start, () -> {
                LocalUpdate update = trainer.train(input, batches);
                ExecutorCounts.add(update.tally().examples(), update.tally().units());
                sums.add(update.tally());
                return carried.returned(update, replica.model().read(carried.statistics()));
            });
        }
        Replicas.giveBack(series.name(), replica);
        return Collections.singletonList(reply).iterator();
    }
}

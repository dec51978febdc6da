package io.sparkpeft.dl4j.round;

import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.dl4j.network.ExampleBatch;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.spark.TaskFailure;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.NonFiniteLossException;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * The local steps of one worker in one round. Starts from the broadcast state alone.
 *
 * @param series tells the base network from others
 * @param base {@link BaseNetwork}
 * @param state two messages: tuned weights with their moments, and running statistics
 * @param order how examples become batches
 * @param settings of the optimiser
 * @param plan which steps
 */
record RoundTask(
        String series,
        Broadcast<byte[]> base,
        Broadcast<byte[][]> state,
        ShardExamples.Order order,
        TrainSettings settings,
        Plan plan)
        implements Function2<Integer, Iterator<MultiDataSet>, Iterator<byte[][]>> {

    /**
     * Which steps.
     *
     * @param firstStep steps made before
     * @param steps of this round
     * @param moments whether moments go back
     * @param statistics whether running statistics move
     */
    record Plan(long firstStep, int steps, boolean moments, boolean statistics) implements java.io.Serializable {}

    @Override
    public Iterator<byte[][]> call(Integer shard, Iterator<MultiDataSet> data) {
        ShardExamples batches = new ShardExamples(data, order, shard);
        Replica replica = Replicas.borrow(series, base.value(), Dl4jModel.Mode.training(plan.statistics()));
        RoundStart start = RoundStart.of(state.value()[0]);
        RoundStart running = RoundStart.of(state.value()[1]);
        replica.model().write(replica.statistics(), running.values());
        RoundInput input =
                new RoundInput(start.values(), start.moments(), plan.firstStep(), plan.steps(), plan.moments());
        LocalUpdate update;
        try (LocalTrainer<ExampleBatch> trainer = new LocalTrainer<>(replica.model(), replica.update(), settings)) {
            update = trainer.train(input, batches);
        } catch (NonFiniteLossException e) {
            throw TaskFailure.sentence(
                    FailureKind.CONFIG,
                    "Cannot finish a round on worker %d: %s; a lower learning rate or clipping may help"
                            .formatted(shard, e.getMessage()),
                    e);
        }
        byte[] values = RoundWire.encode(update, start);
        byte[] statistics = RoundWire.encode(
                new LocalUpdate(replica.model().read(replica.statistics()), OptimizerState.none(), update.tally()),
                running);
        Replicas.giveBack(series, replica);
        return Collections.singletonList(new byte[][] {values, statistics}).iterator();
    }
}

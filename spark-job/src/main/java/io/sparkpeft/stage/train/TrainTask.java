package io.sparkpeft.stage.train;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.ShardBatches;
import io.sparkpeft.metrics.ExecutorCounts;
import io.sparkpeft.metrics.RoundSums;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.round.RoundPlan;
import io.sparkpeft.round.ShardReply;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ExecutorModel;
import io.sparkpeft.spark.model.ExecutorModels;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.Replica;
import io.sparkpeft.spark.wire.RoundStart;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;

/**
 * The local steps of one shard in one round. Starts from the state and the broadcast values alone, so that any executor,
 * new or retried, comes to the same bits. Where loss or weights are no numbers any more it refuses, which ends the run
 * at once.
 *
 * @param phase what is the same in all rounds, which an executor fetches once
 * @param round which round it is and how many steps it has
 * @param message the tuned values and moments at the round's start
 * @param sums shown to those who watch
 */
record TrainTask(Broadcast<Phase> phase, RoundPlan round, Broadcast<byte[]> message, RoundSums sums)
        implements Cluster.Task<Integer, byte[]> {

    /**
     * What all rounds of a phase have in common.
     *
     * @param state the model before the phase's tuning
     * @param updateMask the weights that are tuned
     * @param data the training examples
     * @param plan how they become batches
     * @param settings of the optimiser
     */
    public record Phase(ModelState state, Artefact updateMask, ShardedData data, BatchPlan plan, TrainSettings settings)
            implements Serializable {}

    @Override
    public byte[] run(Integer shard, Configuration configuration) {
        Phase all = phase.value();
        ExecutorModel model = ExecutorModels.of(all.state().base(), configuration);
        MaskIndex index = model.mask(all.updateMask(), configuration);
        RoundStart start = RoundStart.of(message.value());
        RoundInput input = new RoundInput(
                start.values(),
                start.moments(),
                round.firstStep(),
                round.steps(),
                round.moments().areAveraged());
        ShardBatches batches = new ShardBatches(all.data().shard(shard, configuration), all.plan());
        BackendChoice backend = all.state().base().computation().rounds();
        try (Replica replica = model.borrow(backend, all.state(), all.updateMask(), configuration);
                LocalTrainer<TokenBatch> trainer = new LocalTrainer<>(replica.model(), index, all.settings())) {
            return new ShardReply(round, shard).of(start, () -> {
                LocalUpdate update = trainer.train(input, batches);
                ExecutorCounts.add(update.tally().examples(), update.tally().units());
                sums.add(update.tally());
                return update;
            });
        }
    }
}

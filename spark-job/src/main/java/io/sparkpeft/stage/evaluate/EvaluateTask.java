package io.sparkpeft.stage.evaluate;

import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.ShardBatches;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.Replica;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.train.Evaluation;
import io.sparkpeft.train.Evaluator;
import org.apache.hadoop.conf.Configuration;

/**
 * Scores the examples of one shard.
 *
 * @param weights of the model
 * @param data the examples
 * @param plan how they become batches
 */
record EvaluateTask(WeightsInUse weights, ShardedData data, BatchPlan plan)
        implements Cluster.Task<Integer, Evaluation> {

    @Override
    public Evaluation run(Integer shard, Configuration configuration) {
        if (data.examples().get(shard) == 0) {
            return Evaluation.NONE;
        }
        try (Replica replica = weights.open(configuration)) {
            return Evaluator.evaluate(replica.model(), ShardBatches.evaluation(data.shard(shard, configuration), plan));
        }
    }
}

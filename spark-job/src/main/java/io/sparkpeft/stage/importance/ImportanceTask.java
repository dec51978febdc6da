package io.sparkpeft.stage.importance;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.datasets.shard.batch.ShardBatches;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.SlicedSum;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.Replica;
import io.sparkpeft.spark.model.WeightsInUse;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import scala.Tuple2;

/**
 * Sums a statistic over one shard's part of the sample and cuts the sum into slices.
 *
 * @param state the model
 * @param data the examples to draw from
 * @param quota how many examples each shard gives
 * @param plan how they become batches
 * @param statistic what is summed
 * @param seed of the sample and of drawn labels
 * @param sliceSize most weights of a slice
 */
record ImportanceTask(
        ModelState state,
        ShardedData data,
        int[] quota,
        BatchPlan plan,
        ImportanceStatistic statistic,
        long seed,
        int sliceSize)
        implements Cluster.Task<Integer, List<Tuple2<Integer, SlicedSum.Part>>> {

    /** What computes. */
    BackendChoice backend() {
        return WeightsInUse.of(state).backend();
    }

    @Override
    public List<Tuple2<Integer, SlicedSum.Part>> run(Integer shard, Configuration configuration) {
        List<Tuple2<Integer, SlicedSum.Part>> parts = new ArrayList<>();
        TokenShard sample = data.shard(shard, configuration).sample(quota[shard], seed);
        if (sample.examples() == 0) {
            return parts;
        }
        try (Replica replica = WeightsInUse.of(state).open(configuration);
                ImportanceAccumulator<TokenBatch> sum = new ImportanceAccumulator<>(replica.model(), statistic, seed)) {
            ShardBatches batches = new ShardBatches(sample, plan);
            for (long step = 0; step < plan.stepsPerEpoch(); step++) {
                batches.microBatches(step).forEach(sum::add);
            }
            List<ParameterSlice> slices = ParameterSlice.of(replica.model().layout(), TensorRole.BODY, sliceSize);
            float[] tensorSums = new float[0];
            for (int s = 0; s < slices.size(); s++) {
                ParameterSlice slice = slices.get(s);
                boolean next = s == 0 || slices.get(s - 1).tensor() != slice.tensor();
                tensorSums = next ? sum.tensor(slice.tensor()) : tensorSums;
                byte[] values = ImportanceArtefact.bytes(sum.cut(slice, tensorSums));
                parts.add(new Tuple2<>(s, new SlicedSum.Part(shard, 1, values)));
            }
        }
        return parts;
    }
}

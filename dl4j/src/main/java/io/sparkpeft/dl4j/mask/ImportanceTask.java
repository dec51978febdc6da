package io.sparkpeft.dl4j.mask;

import io.sparkpeft.dl4j.data.ShardExamples;
import io.sparkpeft.dl4j.network.Dl4jModel;
import io.sparkpeft.dl4j.network.ExampleBatch;
import io.sparkpeft.dl4j.replica.BaseNetwork;
import io.sparkpeft.dl4j.replica.Replica;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.spark.SlicedSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import scala.Tuple2;

/**
 * Accumulates a statistic over one worker's part of the sample, and cuts it into slices.
 *
 * @param base the network
 * @param order batches
 * @param quota examples of each worker
 * @param statistic what is accumulated
 * @param group examples whose mean gradient is squared
 */
public record ImportanceTask(
        Broadcast<byte[]> base, ShardExamples.Order order, int[] quota, ImportanceStatistic statistic, int group)
        implements Function2<Integer, Iterator<MultiDataSet>, Iterator<Tuple2<Integer, SlicedSum.Part>>> {
    private static final int SLICE = 1 << 18;

    /** The slices of the tensors that masks choose from; the same on driver and executors. */
    static List<ParameterSlice> slices(ParameterLayout layout) {
        return ParameterSlice.of(layout, TensorRole.BODY, SLICE);
    }

    @Override
    public Iterator<Tuple2<Integer, SlicedSum.Part>> call(Integer shard, Iterator<MultiDataSet> data) {
        List<Tuple2<Integer, SlicedSum.Part>> parts = new ArrayList<>();
        Replica replica = BaseNetwork.of(base.value()).replica(Dl4jModel.Mode.importance(group));
        try (Dl4jModel model = replica.model();
                ImportanceAccumulator<ExampleBatch> sums =
                        new ImportanceAccumulator<>(model, statistic, order.seed())) {
            new ShardExamples(data, order, shard).sample(quota[shard]).forEach(sums::add);
            List<ParameterSlice> slices = slices(model.layout());
            int tensor = -1;
            float[] whole = new float[0];
            for (int s = 0; s < slices.size(); s++) {
                if (slices.get(s).tensor() != tensor) {
                    tensor = slices.get(s).tensor();
                    whole = sums.tensor(tensor);
                }
                parts.add(new Tuple2<>(s, new SlicedSum.Part(shard, 1, bytes(sums.cut(slices.get(s), whole)))));
            }
        }
        return parts.iterator();
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }
}

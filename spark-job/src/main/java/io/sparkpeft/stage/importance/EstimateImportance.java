package io.sparkpeft.stage.importance;

import io.sparkpeft.datasets.shard.batch.BatchPlan;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.run.Journal;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.SlicedSum;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.store.file.Storage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Sums an importance statistic over a sample of examples on all shards. The sums are made and stayed on executors: slice
 * by slice, in shard order, each written to its own file.
 */
public final class EstimateImportance {
    /** Floats of one slice: 4 MiB. */
    private static final int SLICE_SIZE = 1 << 20;

    private final Cluster cluster;
    private final Journal journal;
    private final Storage artefacts;
    private final long seed;

    public EstimateImportance(Cluster cluster, Journal journal, Storage artefacts, long seed) {
        this.cluster = cluster;
        this.journal = journal;
        this.artefacts = artefacts;
        this.seed = seed;
    }

    /**
     * The statistic of a state over a sample; made once, whatever phase or mode asks for it.
     *
     * @param what names the sample, for the Spark user interface
     * @param count examples wanted
     */
    public ImportanceArtefact estimate(
            String what,
            ModelState state,
            ImportanceStatistic statistic,
            ShardedData data,
            int[] quota,
            BatchPlan plan) {
        if (statistic == ImportanceStatistic.NONE) {
            return ImportanceArtefact.NONE;
        }
        String key = key(state, statistic, data, quota, plan);
        return journal.once("importance-" + key, ImportanceArtefact.class, () -> {
            Storage target = artefacts.directory("importance-" + key);
            ImportanceTask task = new ImportanceTask(state, data, quota, plan, statistic, seed, SLICE_SIZE);
            cluster.profile()
                    .stage(
                            Stage.IMPORTANCE,
                            () -> cluster.collect(
                                    "importance (%s) on %s".formatted(statistic, what), sums(task, target.uri())));
            long examples = 0;
            for (int q : quota) {
                examples += q;
            }
            return new ImportanceArtefact(target.uri(), statistic, examples, SLICE_SIZE);
        });
    }

    private JavaRDD<Integer> sums(ImportanceTask task, String target) {
        JavaPairRDD<Integer, SlicedSum.Part> parts = cluster.computing(
                        task.backend(), cluster.rdd(task.data().shards(), task))
                .flatMapToPair(List::iterator);
        Cluster.Task<Tuple2<Integer, Iterable<SlicedSum.Part>>, Integer> write =
                (slice, configuration) -> writeSlice(slice, target, configuration);
        return cluster.map(
                parts.groupByKey(new HashPartitioner(Math.max(1, task.data().shards())))
                        .map(slice -> slice),
                write);
    }

    private static Integer writeSlice(
            Tuple2<Integer, Iterable<SlicedSum.Part>> slice, String target, Configuration configuration) {
        double[] sum = SlicedSum.add(slice._2());
        float[] values = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            values[i] = (float) sum[i];
        }
        Storage.at(target, configuration)
                .replace(ImportanceArtefact.file(slice._1()), ImportanceArtefact.bytes(values));
        return slice._1();
    }

    private String key(ModelState state, ImportanceStatistic statistic, ShardedData data, int[] quota, BatchPlan plan) {
        String text = String.join(
                "|",
                // Not where they are: the run may be moved before its importance is asked for again.
                state.base().toString(),
                state.pruneMask().fingerprint(),
                state.delta().fingerprint(),
                statistic.name(),
                data.digest(),
                data.split(),
                Long.toString(data.skip()),
                java.util.Arrays.toString(quota),
                plan.objective().name(),
                Long.toString(seed));
        return new Fingerprint()
                .add(text.getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, 16);
    }
}

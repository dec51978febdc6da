package io.sparkpeft.dl4j.mask;

import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.data.ShardExamples;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.dl4j.replica.BaseNetwork;
import io.sparkpeft.dl4j.settings.MaskSettings;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.mask.DensityGuards;
import io.sparkpeft.mask.MaskSelection;
import io.sparkpeft.mask.MaskSelector;
import io.sparkpeft.mask.PruneMasks;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.TensorFilter;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.spark.Cluster;
import io.sparkpeft.spark.SlicedSum;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * Chooses the prune mask, sets what it prunes to 0, scores the network anew and chooses the update mask. Statistics are
 * summed on executors, slice by slice in the order of the workers; the driver, which holds the network anyway, selects
 * exactly k.
 */
public final class ChooseMasks {
    private final Cluster cluster;
    private final MaskedAveragingSettings settings;
    private final Network network;
    private final NetworkLayout layout;
    private final Examples examples;

    public ChooseMasks(
            Cluster cluster,
            MaskedAveragingSettings settings,
            Network network,
            NetworkLayout layout,
            Examples examples) {
        this.cluster = cluster;
        this.settings = settings;
        this.network = network;
        this.layout = layout;
        this.examples = examples;
    }

    /**
     * The masks of a network.
     *
     * @param weights all weights; those pruned are set to 0
     */
    public Masks choose(Parameters weights) {
        MaskSettings masks = settings.masks();
        ParameterMask kept = PruneMasks.unpruned(layout.layout());
        if (masks.sparsity() > 0) {
            ImportanceCriterion criterion = ImportanceCriterion.named(masks.pruneCriterion());
            SelectionTask task = PruneMasks.task(
                    kept, TensorFilter.PRUNING.where(criterion::scores), masks.sparsity(), DensityGuards.NONE);
            kept = PruneMasks.finish(kept, task, select("prune mask", task, criterion, weights));
            kept.zeroOutside(weights);
        }
        if (masks.density() == 1) {
            return new Masks(kept, UpdateMasks.allThatRemains(kept));
        }
        ImportanceCriterion criterion = ImportanceCriterion.named(masks.updateCriterion());
        SelectionTask task = UpdateMasks.task(
                kept, TensorFilter.UPDATING.where(criterion::scores), masks.density(), DensityGuards.NONE);
        return new Masks(kept, UpdateMasks.finish(select("update mask", task, criterion, weights)));
    }

    private ParameterMask select(
            String description, SelectionTask task, ImportanceCriterion criterion, Parameters weights) {
        List<ParameterSlice> slices = ImportanceTask.slices(layout.layout());
        List<float[]> sums = criterion.statistic() == ImportanceStatistic.NONE
                ? slices.stream().map(slice -> new float[0]).toList()
                : sums(description, criterion.statistic(), slices.size(), weights);
        List<ScoredSlice> scored = new ArrayList<>();
        for (int s = 0; s < slices.size(); s++) {
            ParameterSlice slice = slices.get(s);
            float[] scores = criterion.score(
                    slice, slice.cut(weights), sums.get(s), settings.training().seed());
            scored.add(ScoredSlice.of(slice, scores, task.candidates()));
        }
        return MaskSelection.select(MaskSelector.named(settings.masks().scope()), task, scored);
    }

    private List<float[]> sums(String description, ImportanceStatistic statistic, int slices, Parameters weights) {
        int batchSize = settings.training().batchSizePerWorker();
        int group = settings.importance().batchSize();
        if (group == 0) {
            group = layout.statistics().count() > 0 ? batchSize : 1;
        }
        ParameterMask none = layout.statistics().without(layout.statistics());
        BaseNetwork base = new BaseNetwork(
                network, FlatWeights.join(weights), settings.masks().head(), none);
        Broadcast<byte[]> message = cluster.context().broadcast(base.bytes());
        ShardExamples.Order order = new ShardExamples.Order(
                Math.max(batchSize, group), 1, true, settings.training().seed());
        ImportanceTask task = new ImportanceTask(
                message, order, examples.quota(settings.importance().examples()), statistic, group);
        float[][] sums = new float[slices][];
        cluster.profile()
                .stage(
                        Stage.IMPORTANCE,
                        () -> cluster.describe("importance for the " + description, () -> examples.data()
                                .mapPartitionsWithIndex(task, true)
                                .mapToPair(part -> part)
                                .groupByKey()
                                .mapValues(ChooseMasks::add)
                                .collect()))
                .forEach(sum -> sums[sum._1()] = sum._2());
        message.destroy();
        return List.of(sums);
    }

    private static float[] add(Iterable<SlicedSum.Part> parts) {
        double[] sum = SlicedSum.add(parts);
        float[] rounded = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            rounded[i] = (float) sum[i];
        }
        return rounded;
    }
}

package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.random.CounterRandom;
import java.io.Serializable;
import java.util.List;

/**
 * Where every record goes. Knows how many records each slice holds, so that places do not depend on how files were
 * sliced: ordinal = places before the slice in its corpus + place in the slice.
 */
final class Placement implements Serializable {
    private static final long serialVersionUID = 1;
    private static final long SHARD = 0x7368617264L;
    private static final int ORDINAL_BITS = 42;

    private final PreparePlan plan;
    private final long[] firstSlot;
    private final long[] firstRank;
    private final long[] kept;

    /** @param tallies {slice, places, texts kept} of every slice that has any */
    Placement(PreparePlan plan, List<long[]> tallies) {
        this.plan = plan;
        int slices = plan.slices().size();
        long[] slots = new long[slices];
        long[] ranks = new long[slices];
        for (long[] tally : tallies) {
            slots[(int) tally[0]] = tally[1];
            ranks[(int) tally[0]] = tally[2];
        }
        firstSlot = new long[slices];
        firstRank = new long[slices];
        kept = new long[plan.sources().size()];
        for (int s = 0; s < slices; s++) {
            int source = plan.sourceOf()[s];
            boolean first = s == 0 || plan.sourceOf()[s - 1] != source;
            firstSlot[s] = first ? 0 : firstSlot[s - 1] + slots[s - 1];
            firstRank[s] = first ? 0 : firstRank[s - 1] + ranks[s - 1];
            kept[source] = firstRank[s] + ranks[s];
        }
        for (int source = 0; source < kept.length; source++) {
            long limit = plan.sources().get(source).corpus().limit();
            kept[source] = limit > 0 ? Math.min(limit, kept[source]) : kept[source];
        }
    }

    PreparePlan plan() {
        return plan;
    }

    int source(TokenRow row) {
        return plan.sourceOf()[row.slice()];
    }

    /** Whether the record comes before the corpus's limit is reached. */
    boolean isWithinLimit(TokenRow row) {
        long limit = plan.sources().get(source(row)).corpus().limit();
        return limit == 0 || firstRank[row.slice()] + row.rank() < limit;
    }

    long ordinal(TokenRow row) {
        return firstSlot[row.slice()] + row.slot();
    }

    /** Index of the row's split among those of the plan. */
    int split(TokenRow row, TokenRow.Kept content) {
        int source = source(row);
        long rank = firstRank[row.slice()] + row.rank();
        SplitRule rule = plan.sources().get(source).rule();
        return plan.firstSplit(source) + rule.split(rank, kept[source], content.id(), plan.seed());
    }

    /** Index of the shard of a split: split · shards + shard. */
    int bucket(int split, long ordinal) {
        long hash = CounterRandom.mix(SHARD, ordinal);
        return split * plan.shards() + (int) Long.remainderUnsigned(hash, plan.shards());
    }

    /** Sorts by bucket, then by ordinal. */
    static long key(int bucket, long ordinal) {
        return ((long) bucket << ORDINAL_BITS) | ordinal;
    }

    static int bucket(long key) {
        return (int) (key >>> ORDINAL_BITS);
    }

    static long ordinal(long key) {
        return key & ((1L << ORDINAL_BITS) - 1);
    }
}

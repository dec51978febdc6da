package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.prepare.plan.PreparePlan;
import io.sparkpeft.datasets.row.TokenRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of records by corpus, and of labels by split. */
final class Census implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MAX_LABELS = 1 << 16;

    private final long[] records;
    private final long[] tooShort;
    private final List<TreeMap<String, Long>> reasons;
    private final List<TreeMap<String, Long>> labels;

    Census(int sources, int splits) {
        records = new long[sources];
        tooShort = new long[sources];
        reasons = maps(sources);
        labels = maps(splits);
    }

    static Census of(Placement placement, Iterator<byte[]> rows) {
        PreparePlan plan = placement.plan();
        Census census = new Census(plan.sources().size(), plan.splits().size());
        while (rows.hasNext()) {
            TokenRow row = TokenRow.fromBytes(rows.next());
            if (placement.isWithinLimit(row)) {
                census.count(placement, row);
            }
        }
        return census;
    }

    private void count(Placement placement, TokenRow row) {
        int source = placement.source(row);
        records[source]++;
        if (row.content() instanceof TokenRow.Malformed malformed) {
            reasons.get(source).merge(malformed.reason(), 1L, Long::sum);
        } else if (row.content() instanceof TokenRow.Kept kept) {
            TreeMap<String, Long> counts = labels.get(placement.split(row, kept));
            counts.merge(kept.label(), 1L, Long::sum);
            if (counts.size() > MAX_LABELS) {
                throw DatasetException.input(
                        "Cannot use column '%s' of %s as labels: it has more than %d different values",
                        placement.plan().sources().get(source).corpus().labelColumn(),
                        placement.plan().sources().get(source).corpus().paths(),
                        MAX_LABELS);
            }
        } else {
            tooShort[source]++;
        }
    }

    void add(Census other) {
        for (int s = 0; s < records.length; s++) {
            records[s] += other.records[s];
            tooShort[s] += other.tooShort[s];
            TreeMap<String, Long> mine = reasons.get(s);
            other.reasons.get(s).forEach((reason, count) -> mine.merge(reason, count, Long::sum));
        }
        for (int s = 0; s < labels.size(); s++) {
            TreeMap<String, Long> mine = labels.get(s);
            other.labels.get(s).forEach((label, count) -> mine.merge(label, count, Long::sum));
        }
    }

    long records(int source) {
        return records[source];
    }

    long tooShort(int source) {
        return tooShort[source];
    }

    /** Malformed records of a corpus by reason; may be added to. */
    TreeMap<String, Long> reasons(int source) {
        return reasons.get(source);
    }

    /** Texts of a split by label. */
    Map<String, Long> labels(int split) {
        return labels.get(split);
    }

    private static List<TreeMap<String, Long>> maps(int count) {
        List<TreeMap<String, Long>> maps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            maps.add(new TreeMap<>());
        }
        return maps;
    }
}

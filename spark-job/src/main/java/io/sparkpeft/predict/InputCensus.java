package io.sparkpeft.predict;

import io.sparkpeft.failure.JobException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the whole input holds, and where in it each slice begins.
 *
 * @param records in all slices
 * @param truncated texts whose end is cut off
 * @param reasons number of unusable records by reason
 * @param firstNumber records before each slice
 * @param firstSlot places before each slice
 * @param first the first unusable record, in words; empty where there is none
 */
record InputCensus(
        long records, long truncated, Map<String, Long> reasons, long[] firstNumber, long[] firstSlot, String first)
        implements Serializable {

    /** @param tallies of the slices that have records, in order */
    static InputCensus of(InputPlan plan, List<InputTally> tallies) {
        int slices = plan.slices().size();
        long[] numbers = new long[slices + 1];
        long[] slots = new long[slices + 1];
        long truncated = 0;
        TreeMap<String, Long> reasons = new TreeMap<>();
        String first = "";
        for (InputTally tally : tallies) {
            numbers[tally.slice() + 1] = tally.records();
            slots[tally.slice() + 1] = tally.slots();
            truncated += tally.truncated();
            tally.reasons().forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
            if (first.isEmpty() && !tally.first().isEmpty()) {
                first = "in %s: %s"
                        .formatted(plan.slices().get(tally.slice()).file().path(), tally.first());
            }
        }
        for (int s = 0; s < slices; s++) {
            numbers[s + 1] += numbers[s];
            slots[s + 1] += slots[s];
        }
        return new InputCensus(numbers[slices], truncated, reasons, numbers, slots, first);
    }

    long unusable() {
        return reasons.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The reasons with their counts, in words. */
    String counts() {
        return reasons.entrySet().stream()
                .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    /**
     * Refuses an input with too many unusable records, and one without any records.
     *
     * @param quarantine where the unusable ones are
     */
    void require(InputPlan plan, double allowed, String quarantine) {
        if (records == 0) {
            throw JobException.input("Cannot predict %s: there are no records in it"
                    .formatted(plan.corpus().paths()));
        }
        if (unusable() > allowed * records) {
            throw JobException.input(
                    "Cannot predict %s: %d of %d records (%s) are malformed and %s are allowed (%s); the first is %s; all are in %s"
                            .formatted(
                                    plan.corpus().paths(),
                                    unusable(),
                                    records,
                                    percent((double) unusable() / records),
                                    percent(allowed),
                                    counts(),
                                    first,
                                    quarantine));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}

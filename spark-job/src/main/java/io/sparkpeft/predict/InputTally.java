package io.sparkpeft.predict;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a slice of the input holds.
 *
 * @param slice its index
 * @param records in it
 * @param slots that they take
 * @param truncated texts whose end is cut off
 * @param reasons number of unusable records by reason
 * @param first the first unusable record, in words; empty where there is none
 */
record InputTally(int slice, long records, long slots, long truncated, TreeMap<String, Long> reasons, String first)
        implements Serializable {

    /** The tallies of the slices that have records, in order. */
    static Iterator<InputTally> of(Iterator<InputRecord> records) {
        List<InputTally> tallies = new ArrayList<>();
        while (records.hasNext()) {
            InputRecord record = records.next();
            int last = tallies.size() - 1;
            if (last >= 0 && tallies.get(last).slice() == record.slice()) {
                tallies.set(last, tallies.get(last).with(record));
            } else {
                tallies.add(new InputTally(record.slice(), 0, 0, 0, new TreeMap<>(), "").with(record));
            }
        }
        return tallies.iterator();
    }

    private InputTally with(InputRecord record) {
        String firstNow = first;
        if (record.content() instanceof CorpusRecord.Malformed malformed) {
            reasons.merge(malformed.reason(), 1L, Long::sum);
            String detail = malformed.detail().isEmpty() ? "" : " (" + malformed.detail() + ")";
            firstNow = first.isEmpty() ? malformed.reason() + detail : first;
        }
        boolean cut = record.windows().isPresent() && record.windows().get().truncated();
        return new InputTally(slice, records + 1, slots + record.slots(), truncated + (cut ? 1 : 0), reasons, firstNow);
    }
}

package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import java.math.BigDecimal;
import java.util.Optional;

/** What a record's text, pair and label have to be, whatever the format. */
final class Fields {
    static final String EMPTY_TEXT = "empty text";
    static final String EMPTY_PAIR = "empty pair";
    static final String MISSING_LABEL = "missing label";

    private Fields() {}

    /**
     * An example, or what is missing.
     *
     * @param pair empty where the row has none
     * @param label empty where the row has none
     */
    static CorpusRecord record(
            long offset,
            Optional<String> text,
            Optional<String> pair,
            Optional<String> label,
            CorpusSpec spec,
            String raw) {
        if (text.isEmpty() || text.get().isBlank()) {
            return new CorpusRecord.Malformed(offset, EMPTY_TEXT, "", raw);
        }
        if (spec.isPaired() && (pair.isEmpty() || pair.get().isBlank())) {
            return new CorpusRecord.Malformed(offset, EMPTY_PAIR, "", raw);
        }
        if (spec.isLabelled() && (label.isEmpty() || label.get().isBlank())) {
            return new CorpusRecord.Malformed(offset, MISSING_LABEL, "", raw);
        }
        return new CorpusRecord.Example(
                offset,
                text.get(),
                spec.isPaired() ? pair.get() : "",
                spec.isLabelled() ? label.get().strip() : "");
    }

    /** A number as a label: 1.0 and 1 are the same. */
    static String label(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

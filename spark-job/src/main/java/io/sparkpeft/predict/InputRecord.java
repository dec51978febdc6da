package io.sparkpeft.predict;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.row.TokenRow;
import java.util.Optional;

/**
 * A record of the input.
 *
 * @param slice it begins in
 * @param number records before it in the slice
 * @param slot windows and unusable records before it in the slice
 * @param content the example, or what is wrong with it
 * @param windows of its text; none if it cannot be used
 */
record InputRecord(int slice, long number, long slot, CorpusRecord content, Optional<TokenRow.Kept> windows) {
    CorpusRecord.Example example() {
        return (CorpusRecord.Example) content;
    }

    /** How many places it takes: as many as prepared data gives it. */
    int slots() {
        return windows.map(text -> text.tokens().length).orElse(1);
    }

    /** Tokens of all windows. */
    int tokens() {
        int sum = 0;
        for (int[] window : windows.orElseThrow().tokens()) {
            sum += window.length;
        }
        return sum;
    }
}

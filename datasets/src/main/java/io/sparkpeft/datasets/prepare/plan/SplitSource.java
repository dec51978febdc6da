package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.datasets.corpus.CorpusSpec;
import java.io.Serializable;

/**
 * A corpus and the splits it is divided into.
 *
 * @param corpus what is read
 * @param rule which example goes where
 */
public record SplitSource(CorpusSpec corpus, SplitRule rule) implements Serializable {
    /** A corpus that is one split as a whole. */
    public static SplitSource of(String split, CorpusSpec corpus) {
        return new SplitSource(corpus, SplitRule.all(split));
    }
}

package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.model.Objective;

/** What becomes of a text that is longer than the model reads. */
public enum LongText {
    /** Its end is cut off, and it is counted. */
    TRUNCATE,
    /** It becomes several examples, each with the special tokens at its ends. */
    SPLIT;

    /** A classifier's text stays one example; a language model reads all of it. */
    public static LongText defaultFor(Objective objective) {
        return objective.isLanguageModel() ? SPLIT : TRUNCATE;
    }
}

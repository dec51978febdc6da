package io.sparkpeft.model;

/** What a model is trained or measured to predict. */
public enum Objective {
    /** One label per sequence. */
    SEQUENCE_CLASSIFICATION,
    /** Every token from the tokens before it. */
    CAUSAL_LM,
    /** Hidden tokens from all others. */
    MASKED_LM;

    public boolean isLanguageModel() {
        return this != SEQUENCE_CLASSIFICATION;
    }
}

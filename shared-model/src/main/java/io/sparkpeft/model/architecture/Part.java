package io.sparkpeft.model.architecture;

/** The parts of a transformer that hold weights. A family says what its checkpoints call them. */
public enum Part {
    TOKENS,
    POSITIONS,
    TOKEN_TYPES,
    EMBEDDING_NORM,
    /** In every layer. */
    ATTENTION_NORM,
    QUERY,
    KEY,
    VALUE,
    /** Query, key and value in one layer, instead of the three. */
    QUERY_KEY_VALUE,
    ATTENTION_OUTPUT,
    FEED_FORWARD_NORM,
    GATE,
    UP,
    DOWN,
    FINAL_NORM,
    /** Pre-trained dense layer before the classifier. */
    POOLER,
    /** Dense layer before the classifier that belongs to the task. */
    PRE_CLASSIFIER,
    CLASSIFIER,
    /** Dense layer before the language-model head's output. */
    LM_TRANSFORM,
    LM_NORM,
    /** Output of the language-model head. */
    DECODER
}

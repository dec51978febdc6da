package io.sparkpeft.importance;

/**
 * What is accumulated over examples, one number per weight. All are sums over examples, so any partition of the data
 * gives the same sum, and several criteria are made from one statistic.
 */
public enum ImportanceStatistic {
    /** Nothing: the criterion needs no data. */
    NONE,
    /** Σ_i g_{i,j}²: squares of per-example gradients with the true labels. */
    SQUARED_GRADIENT,
    /** Σ_i Σ_c p(c|x_i)·g_{i,c,j}²: squares under the model's own distribution. */
    EXPECTED_SQUARED_GRADIENT,
    /** Σ_b ḡ_{b,j}: the sum of batch-mean gradients. */
    GRADIENT_SUM,
    /** Σ X_j²: squared inputs of linear layers, the same number for every weight that reads input j. */
    SQUARED_INPUT
}

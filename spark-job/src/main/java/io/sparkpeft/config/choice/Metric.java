package io.sparkpeft.config.choice;

import io.sparkpeft.config.bind.Names;

/** The number that says how good a model is at its task. */
public enum Metric {
    /** Accuracy for classification, cross-entropy for language models. */
    AUTO,
    ACCURACY,
    MACRO_F1,
    MATTHEWS,
    CROSS_ENTROPY;

    /** The name that a recipe and a result use. */
    public String key() {
        return Names.value(this);
    }

    public boolean lowerIsBetter() {
        return this == CROSS_ENTROPY;
    }

    /** By how much a value is better than another; negative where it is worse. */
    public double gain(double value, double over) {
        return lowerIsBetter() ? over - value : value - over;
    }
}

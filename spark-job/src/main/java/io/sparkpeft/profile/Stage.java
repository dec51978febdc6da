package io.sparkpeft.profile;

import java.util.Locale;

/** The parts of a run that a profile tells apart. */
public enum Stage {
    DATA,
    IMPORTANCE,
    MASK,
    TRAIN,
    EVALUATE,
    EXPORT,
    /** Everything else: opening the run, loading the base model on the driver. */
    OTHER;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}

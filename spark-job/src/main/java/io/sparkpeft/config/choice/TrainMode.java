package io.sparkpeft.config.choice;

import io.sparkpeft.config.bind.Names;

/** Which weights training moves. */
public enum TrainMode {
    /** The update mask that importance chooses, and the task head. */
    MASKED,
    /** All weights. */
    DENSE,
    /** As many weights as the update mask has, drawn at random: the control. */
    RANDOM_MASK,
    /** The task head alone. */
    HEAD_ONLY,
    /** All weights, with no pruning: makes a base model. */
    PRETRAIN;

    /** The name that recipes use. */
    public String key() {
        return Names.value(this);
    }
}

package io.sparkpeft.store;

/** How far the run in a directory has come. */
public enum RunState {
    /** There is none yet. */
    NEW,
    /** It was started and not finished: it goes on from its last good checkpoint. */
    INTERRUPTED,
    /** It is finished. */
    DONE,
    /** It is finished, but what it made does not meet the recipe's limits. */
    GATE_NOT_MET;

    public boolean isFinished() {
        return this == DONE || this == GATE_NOT_MET;
    }
}

package io.sparkpeft.run;

import io.sparkpeft.config.choice.TrainMode;

/** Is told what a run is doing, to show it to whoever watches. */
public interface Progress {
    /** Something is being done or was found, in one sentence. */
    void say(String sentence);

    /** A round is done. */
    void round(RoundReport report);

    /** The model was measured. */
    void evaluation(String what, Measurement measured);

    /** A phase was accepted or rolled back. */
    void phase(TrainMode mode, Phase phase, Gate.Verdict verdict);
}

package io.sparkpeft.dl4j.round;

/** Told of what happens on the driver. */
public interface RoundListener {
    /**
     * An action on the cluster has ended.
     *
     * @param name of the kind of action
     * @param began time of day, milliseconds
     * @param milliseconds that it took
     */
    void timed(String name, long began, long milliseconds);

    /** A round has ended; the driver's network has its weights. */
    void round(RoundDone done);

    /** An epoch begins. */
    void epochStarts();

    /** An epoch has ended, and is not counted yet. */
    void epochEnds();
}

package io.sparkpeft.energy.host;

import java.io.Serializable;
import java.util.List;

/**
 * What a process read of its host at one moment.
 *
 * @param host the same for all processes of a machine, containers included, and for no others
 * @param name of the host, for people
 * @param nanoseconds on a clock that all processes of the host share
 * @param counters none where they cannot be read
 * @param failure why not; empty where they can
 */
public record Reading(String host, String name, long nanoseconds, List<Counter> counters, String failure)
        implements Serializable {
    public boolean failed() {
        return !failure.isEmpty();
    }
}

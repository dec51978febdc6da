package io.sparkpeft.energy.host;

import java.io.IOException;
import java.util.List;

/** Counters of energy that can be read again and again. */
@FunctionalInterface
interface CounterSource {
    /** @throws IOException if they cannot be read, in words for people */
    List<Counter> read() throws IOException;
}

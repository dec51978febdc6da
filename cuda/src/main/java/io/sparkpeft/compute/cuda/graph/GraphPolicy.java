package io.sparkpeft.compute.cuda.graph;

import io.sparkpeft.compute.cuda.device.DeviceFacts;
import java.util.Optional;

/**
 * Which segments of work become graphs.
 *
 * @param fewest commands of a segment
 * @param sightings how often it must have been asked for, the time at hand included
 * @param most segments that are remembered
 * @param anySize whether also those whose products take the device longer than asking takes the processor
 */
public record GraphPolicy(int fewest, int sightings, int most, boolean anySize) {
    /** System property: auto, true (segments of any size) or false. */
    public static final String PROPERTY = "sparkpeft.cuda.graphs";

    private static final int FEWEST = 16;
    private static final int SIGHTINGS = 2;
    private static final int MOST = 32;

    /** Seconds that one command takes the processor. */
    private static final double ASKING = 4e-6;
    /** Multiplications that one multiprocessor does in a second: 128 lanes at 1.5 GHz. */
    private static final double RATE = 128 * 1.5e9;

    /**
     * What the property says; empty: no graphs.
     *
     * @throws IllegalArgumentException if it is none of the words
     */
    public static Optional<GraphPolicy> fromProperties() {
        return parse(System.getProperty(PROPERTY, "auto"));
    }

    static Optional<GraphPolicy> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new GraphPolicy(FEWEST, SIGHTINGS, MOST, false));
            case "true" -> Optional.of(new GraphPolicy(FEWEST, SIGHTINGS, MOST, true));
            case "false" -> Optional.empty();
            default ->
                throw new IllegalArgumentException(
                        "Invalid %s: %s is none of auto, true, false".formatted(PROPERTY, text));
        };
    }

    /** Whether the device waits for the processor rather than the processor for the device; an estimate. */
    boolean isWorthIt(CommandList list, DeviceFacts facts) {
        double computing = list.multiplications() / (RATE * facts.multiprocessors());
        return anySize || computing < ASKING * list.size();
    }
}

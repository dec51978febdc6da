package io.sparkpeft.mask.threshold;

import java.util.Optional;

/**
 * A selection under way, on the driver: as long as there is a {@link #next} request, executors count what it asks for,
 * the counts of all slices are added up and handed to {@link #accept}; then {@link #rule} says which weights are
 * chosen. The driver sees counts only.
 */
public interface SelectionProcess {
    /** The next pass, or nothing when the rule is known. */
    Optional<CountRequest> next();

    /** Takes the counts of the last request, added up over all slices. */
    void accept(KeyCounts counts);

    /**
     * The rule that chooses.
     *
     * @throws IllegalStateException while there is a next pass
     */
    SelectionRule rule();
}

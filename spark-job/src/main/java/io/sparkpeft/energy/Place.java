package io.sparkpeft.energy;

/**
 * A part of a run that energy is told apart by.
 *
 * @param mode how weights are chosen; empty outside of a mode
 * @param stage its name
 */
public record Place(String mode, String stage) {
    private static final String BETWEEN = "/";

    /** Reads what {@link #text} wrote. */
    static Place of(String text) {
        int middle = text.indexOf(BETWEEN);
        return new Place(text.substring(0, middle), text.substring(middle + 1));
    }

    String text() {
        return mode + BETWEEN + stage;
    }
}

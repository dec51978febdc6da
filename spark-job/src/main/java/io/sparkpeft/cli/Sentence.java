package io.sparkpeft.cli;

/** Makes one line of a message. */
final class Sentence {
    private static final int LONGEST = 1000;

    private Sentence() {}

    static String of(String message) {
        String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}

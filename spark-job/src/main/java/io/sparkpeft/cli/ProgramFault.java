package io.sparkpeft.cli;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from what Spark says of a job whether its task failed by a fault of the program, which trying again does not
 * mend. Of the task's exception the driver may have no more than the stack trace in that text.
 */
final class ProgramFault {
    private static final Pattern TASK = Pattern.compile(
            "Task \\d+ in stage \\S+ failed \\d+ times, most recent failure: Lost task \\S+ in stage \\S+"
                    + " \\(TID \\d+\\) \\([^\\n]*?\\): (.*)",
            Pattern.DOTALL);
    private static final Pattern THROWN = Pattern.compile("(?:\\s*(?:Caused by|Suppressed): )?([\\w.$]+)(?:: .*)?");
    private static final Pattern FRAME = Pattern.compile("\\s*at (.+)\\(.*");
    /** Kinds that neither storage nor Spark reports its failures by; both may still throw some of them themselves. */
    private static final Set<String> KINDS = Set.of(
            "java.lang.NullPointerException",
            "java.lang.IllegalStateException",
            "java.lang.IllegalArgumentException",
            "java.lang.IndexOutOfBoundsException",
            "java.lang.ArrayIndexOutOfBoundsException",
            "java.lang.ClassCastException",
            "java.lang.ArithmeticException",
            "java.lang.NegativeArraySizeException",
            "java.lang.UnsupportedOperationException",
            "java.util.NoSuchElementException");

    private ProgramFault() {}

    /** Whether every exception of the trace is of these kinds, and the first of them was thrown in the program's code. */
    static boolean isToldBy(String message) {
        Matcher task = TASK.matcher(message);
        if (!task.find()) {
            return false;
        }
        List<String> lines = task.group(1).lines().toList();
        int root = 0;
        for (int i = 0; i < lines.size() && !lines.get(i).startsWith("Driver stacktrace:"); i++) {
            boolean isThrown = i == 0 || lines.get(i).matches("\\s*(Caused by|Suppressed): .*");
            if (isThrown && !isKnown(lines.get(i))) {
                return false;
            }
            root = isThrown ? i : root;
        }
        return isThrownByProgram(lines.subList(root, lines.size()));
    }

    private static boolean isKnown(String thrown) {
        Matcher name = THROWN.matcher(thrown);
        return name.matches() && KINDS.contains(name.group(1));
    }

    private static boolean isThrownByProgram(List<String> trace) {
        return trace.stream()
                .map(FRAME::matcher)
                .filter(Matcher::matches)
                .map(frame -> frame.group(1))
                .filter(frame -> !frame.startsWith("java"))
                .findFirst()
                .filter(frame -> frame.startsWith("io.sparkpeft."))
                .isPresent();
    }
}

package io.sparkpeft.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a run says to whoever started it: one line for each thing that happened, and on a terminal a bar for what is
 * going on, which the next line takes the place of.
 */
public final class Console {
    private static final int BAR = 30;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private boolean barShown;

    public Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Standard output; a terminal only where input and output both are one. */
    public static Console system() {
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Console(
                new PrintStream(System.out, true, StandardCharsets.UTF_8), System.console() != null && !dumb);
    }

    /** Says nothing. */
    public static Console silent() {
        return new Console(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false);
    }

    /** Where lines go. */
    public PrintStream stream() {
        return out;
    }

    /** Prints one line, or several. */
    public synchronized void line(String text) {
        clear();
        out.println(text);
    }

    public void line(String pattern, Object... values) {
        line(String.format(java.util.Locale.ROOT, pattern, values));
    }

    /** Shows how far something has come; only on a terminal. */
    public synchronized void progress(String what, long done, long all) {
        if (!terminal || all <= 0) {
            return;
        }
        long within = Math.max(0, Math.min(done, all));
        int full = (int) (BAR * within / all);
        out.print(CLEAR + "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] " + within + "/" + all + " " + what);
        out.flush();
        barShown = true;
    }

    /** Prints a table, with an empty line before and after it. */
    public void table(TextTable table) {
        line("\n" + table.text());
    }

    /** Takes the bar away. */
    public synchronized void clear() {
        if (barShown) {
            out.print(CLEAR);
            out.flush();
            barShown = false;
        }
    }
}

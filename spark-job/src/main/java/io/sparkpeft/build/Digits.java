package io.sparkpeft.build;

import java.util.Locale;

/**
 * Numbers in the names of files and tensors have the digits 0 to 9 on every machine, whatever language its user speaks:
 * where Java's own default is Arabic, {@code "layers.%d"} would name another tensor.
 */
public final class Digits {
    private Digits() {}

    /** Formats of this process are those of no language from now on. */
    public static void useLatin() {
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    }
}

package io.sparkpeft.config.bind;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Hides secrets in what is printed or stored. */
public final class Redaction {
    private static final String HIDDEN = "***";
    private static final Set<String> SECRET_WORDS =
            Set.of("secret", "password", "passwd", "token", "credential", "credentials", "signature", "sig");
    /** Half of a pair whose other half is a secret: Spark hides it too. */
    private static final Pattern ACCESS_KEY = Pattern.compile("access[._-]?key");

    private static final Pattern SEPARATORS = Pattern.compile("[._-]");
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]*:[^/@\\s]*(?=@)");
    private static final Pattern QUERY =
            Pattern.compile("(?i)(?<=[?&;])((?:[a-z0-9_-]*(?:secret|password|token|signature)|sig)=)[^&;\\s\"]+");

    private Redaction() {}

    /** The text with user and password in URIs, and secret parameters of URIs, replaced by asterisks. */
    public static String text(String text) {
        String withoutUser = USER_INFO.matcher(text).replaceAll(HIDDEN);
        return QUERY.matcher(withoutUser).replaceAll("$1" + HIDDEN);
    }

    /** The value of a setting: all of it hidden where the key's own words say that it is a secret. */
    public static String setting(String key, String value) {
        String words = key.replaceAll("([a-z])([A-Z])", "$1.$2").toLowerCase(Locale.ROOT);
        if (SEPARATORS.splitAsStream(words).anyMatch(SECRET_WORDS::contains)
                || ACCESS_KEY.matcher(words).find()) {
            return HIDDEN;
        }
        return text(value);
    }
}

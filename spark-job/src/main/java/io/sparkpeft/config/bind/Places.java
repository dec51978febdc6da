package io.sparkpeft.config.bind;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import io.sparkpeft.failure.JobException;

/** Says where a value of a recipe was written, and makes the sentence about it. */
public final class Places {
    private final Config config;

    public Places(Config config) {
        this.config = config;
    }

    /** A failure that names the key, what is wrong with it, and the place. */
    public JobException invalid(String key, String what) {
        return JobException.config("Invalid %s: %s%s".formatted(key, what, place(key)));
    }

    /** "(file, line n)" with a space before it; empty where the value is a default. */
    private String place(String key) {
        try {
            return place(config.getValue(key));
        } catch (ConfigException.Missing | ConfigException.WrongType e) {
            return "";
        }
    }

    static String place(ConfigValue value) {
        ConfigOrigin origin = value.origin();
        String where = origin.filename() != null
                ? origin.filename()
                : origin.description().replaceFirst(": \\d+$", "");
        if (where.contains("reference.conf")) {
            return "";
        }
        return origin.lineNumber() > 0
                ? " (%s, line %d)".formatted(where, origin.lineNumber())
                : " (%s)".formatted(where);
    }
}

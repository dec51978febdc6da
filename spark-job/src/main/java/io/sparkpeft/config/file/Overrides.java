package io.sparkpeft.config.file;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import io.sparkpeft.failure.JobException;
import java.util.Arrays;
import java.util.List;

/**
 * What {@code --set key=value} says. A value for a text key is taken as it stands, so a URI needs no quotes; a list is
 * written {@code [a, b]} or {@code a,b}.
 */
final class Overrides {
    private static final String ORIGIN = "--set";

    private Overrides() {}

    static Config parse(List<String> settings) {
        Config reference = RecipeFile.reference();
        Config overrides = ConfigFactory.empty(ORIGIN);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = equals < 1 ? "" : setting.substring(0, equals).trim();
            if (!key.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
                throw JobException.config("Invalid --set %s: it is not key=value".formatted(setting));
            }
            overrides = value(reference, key, setting.substring(equals + 1).trim(), setting)
                    .withFallback(overrides);
        }
        return overrides;
    }

    private static Config value(Config reference, String key, String value, String setting) {
        if (isList(reference, key)) {
            return list(key, value, setting);
        }
        if (value.equals("null")) {
            return ConfigFactory.parseString(key + " = null", origin());
        }
        return ConfigFactory.empty(ORIGIN).withValue(key, ConfigValueFactory.fromAnyRef(unquoted(value), ORIGIN));
    }

    private static Config list(String key, String value, String setting) {
        if (value.startsWith("[")) {
            try {
                return ConfigFactory.parseString(key + " = " + value, origin());
            } catch (ConfigException e) {
                throw new JobException(
                        io.sparkpeft.failure.FailureKind.CONFIG,
                        "Invalid --set %s: it is not a list [ … ]".formatted(setting),
                        e);
            }
        }
        List<String> items = Arrays.stream(value.split(","))
                .map(item -> unquoted(item.trim()))
                .filter(item -> !item.isEmpty())
                .toList();
        return ConfigFactory.empty(ORIGIN).withValue(key, ConfigValueFactory.fromIterable(items, ORIGIN));
    }

    private static boolean isList(Config reference, String key) {
        return ConfigUtil.splitPath(key).size() > 0
                && reference.hasPath(key)
                && reference.getValue(key) instanceof com.typesafe.config.ConfigList;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static ConfigParseOptions origin() {
        return ConfigParseOptions.defaults().setOriginDescription(ORIGIN);
    }
}

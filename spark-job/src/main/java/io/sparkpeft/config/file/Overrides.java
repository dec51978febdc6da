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
 * What {@code --set key=value}, or a program in its place, says. A value for a text key is taken as it stands, so a URI
 * needs no quotes; a list is written {@code [a, b]} or {@code a,b}.
 */
final class Overrides {
    private final String origin;
    private final Config reference = RecipeFile.reference();

    private Overrides(String origin) {
        this.origin = origin;
    }

    /** @param origin who says so, for messages */
    static Config parse(List<String> settings, String origin) {
        return new Overrides(origin).parse(settings);
    }

    private Config parse(List<String> settings) {
        Config overrides = ConfigFactory.empty(origin);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key = equals < 1 ? "" : setting.substring(0, equals).trim();
            if (!key.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
                throw JobException.config("Invalid %s %s: it is not key=value".formatted(origin, setting));
            }
            overrides =
                    value(key, setting.substring(equals + 1).trim(), setting).withFallback(overrides);
        }
        return overrides;
    }

    private Config value(String key, String value, String setting) {
        if (isList(key)) {
            return list(key, value, setting);
        }
        if (value.equals("null")) {
            return ConfigFactory.parseString(key + " = null", options());
        }
        return ConfigFactory.empty(origin).withValue(key, ConfigValueFactory.fromAnyRef(unquoted(value), origin));
    }

    private Config list(String key, String value, String setting) {
        if (value.startsWith("[")) {
            try {
                return ConfigFactory.parseString(key + " = " + value, options());
            } catch (ConfigException e) {
                throw new JobException(
                        io.sparkpeft.failure.FailureKind.CONFIG,
                        "Invalid %s %s: it is not a list [ … ]".formatted(origin, setting),
                        e);
            }
        }
        List<String> items = Arrays.stream(value.split(","))
                .map(item -> unquoted(item.trim()))
                .filter(item -> !item.isEmpty())
                .toList();
        return ConfigFactory.empty(origin).withValue(key, ConfigValueFactory.fromIterable(items, origin));
    }

    private boolean isList(String key) {
        return ConfigUtil.splitPath(key).size() > 0
                && reference.hasPath(key)
                && reference.getValue(key) instanceof com.typesafe.config.ConfigList;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private ConfigParseOptions options() {
        return ConfigParseOptions.defaults().setOriginDescription(origin);
    }
}

package io.sparkpeft.config.file;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Finds what a recipe includes by {@code include "name"} beside the file that says so, on whatever file system that is,
 * and insists on it: Typesafe's own would look on the class path and leave out what it does not find.
 */
final class RecipeIncluder implements ConfigIncluder {
    private final List<String> files;
    private final Configuration configuration;

    /** @param files the recipe, and each file that the one before includes, as URIs */
    private RecipeIncluder(List<String> files, Configuration configuration) {
        this.files = files;
        this.configuration = configuration;
    }

    static ConfigParseOptions options(String recipe, Configuration configuration) {
        return ConfigParseOptions.defaults().setIncluder(new RecipeIncluder(List.of(recipe), configuration));
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (what.matches("https?:.*")) {
            return ConfigFactory.parseURL(url(what), context.parseOptions()).root();
        }
        Path file = new Path(new Path(includer()).getParent(), what);
        Storage directory = Storage.at(String.valueOf(file.getParent()), configuration);
        List<Config> found = names(file.getName())
                .filter(directory::exists)
                .map(name -> parse(directory, name))
                .toList();
        return found.stream()
                .reduce(Config::withFallback)
                .orElseThrow(() -> JobException.input("Cannot read %s, which %s includes: there is no such file"
                        .formatted(directory.uri(file.getName()), includer())))
                .root();
    }

    /** A name without an ending means the files with each of them. */
    private static Stream<String> names(String name) {
        return syntax(name) != null ? Stream.of(name) : Stream.of(name + ".conf", name + ".json", name + ".properties");
    }

    private Config parse(Storage directory, String name) {
        String file = directory.uri(name);
        if (files.contains(file)) {
            throw JobException.config("Cannot read recipe %s: %s includes itself".formatted(files.get(0), file));
        }
        List<String> chain = Stream.concat(files.stream(), Stream.of(file)).toList();
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setOriginDescription(file)
                .setSyntax(syntax(name))
                .setIncluder(new RecipeIncluder(chain, configuration));
        return ConfigFactory.parseString(directory.readText(name), options);
    }

    private static ConfigSyntax syntax(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "conf" -> ConfigSyntax.CONF;
            case "json" -> ConfigSyntax.JSON;
            case "properties" -> ConfigSyntax.PROPERTIES;
            default -> null;
        };
    }

    private String includer() {
        return files.get(files.size() - 1);
    }

    private URL url(String text) {
        try {
            return new URL(text);
        } catch (MalformedURLException e) {
            throw JobException.config("Cannot read recipe %s: %s".formatted(files.get(0), e.getMessage()));
        }
    }
}

package io.sparkpeft.config.file;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Places;
import io.sparkpeft.config.bind.RecordReader;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Reads recipes: {@code --set} overrides the recipe, the recipe overrides {@code reference.conf}. */
public final class RecipeFile {
    static final String REFERENCE = "/io/sparkpeft/config/reference.conf";

    private RecipeFile() {}

    /**
     * Reads a recipe from the local disk; it may include other files beside it.
     *
     * @param overrides {@code key=value} each
     * @throws JobException if there is no such file, or the recipe is not valid
     */
    public static Recipe read(Path path, List<String> overrides) {
        if (!Files.isRegularFile(path)) {
            throw JobException.input("Cannot read recipe " + path + ": there is no such file");
        }
        ConfigParseOptions options = RecipeIncluder.options("file:" + path.toAbsolutePath(), new Configuration());
        Layers layers = Layers.commandLine(overrides);
        return resolve(() -> ConfigFactory.parseFile(path.toFile(), options), path.toString(), layers);
    }

    /**
     * Reads a recipe from any Hadoop file system; it may include other files beside it.
     *
     * @param source where it is as the user says it, for messages and the run's name
     * @throws JobException if there is no such file, or the recipe is not valid
     */
    public static Recipe read(
            Storage directory, String name, String source, List<String> overrides, Configuration configuration) {
        ConfigParseOptions options =
                RecipeIncluder.options(directory.uri(name), configuration).setOriginDescription(source);
        String text = directory.readText(name);
        return resolve(() -> ConfigFactory.parseString(text, options), source, Layers.commandLine(overrides));
    }

    /**
     * Reads a recipe from its text.
     *
     * @param source where the text comes from, for messages and the run's name
     */
    public static Recipe parse(String text, String source, List<String> overrides) {
        return parse(text, source, Layers.commandLine(overrides));
    }

    /**
     * Reads a recipe from its text, with what a program puts over and under it.
     *
     * @param source where the text comes from, for messages and the run's name
     */
    public static Recipe parse(String text, String source, Layers layers) {
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(source);
        return resolve(() -> ConfigFactory.parseReader(new StringReader(text), options), source, layers);
    }

    /**
     * What lies over and under a recipe's text.
     *
     * @param origin who says so, for messages
     * @param overrides {@code key=value} each, which win over the text
     * @param defaults {@code key=value} each, which the text wins over
     */
    public record Layers(String origin, List<String> overrides, List<String> defaults) {
        static Layers commandLine(List<String> overrides) {
            return new Layers("--set", overrides, List.of());
        }
    }

    private interface Parser {
        Config parse();
    }

    private static Recipe resolve(Parser parser, String source, Layers layers) {
        Config merged;
        try {
            merged = Overrides.parse(layers.overrides(), layers.origin())
                    .withFallback(parser.parse())
                    .withFallback(Overrides.parse(layers.defaults(), layers.origin()))
                    .withFallback(reference())
                    .resolve();
        } catch (ConfigException e) {
            throw new JobException(FailureKind.CONFIG, "Cannot read recipe %s: %s".formatted(source, reason(e)), e);
        }
        Recipe recipe = named(RecordReader.read(Recipe.class, merged.root()), source);
        RecipeRules.check(recipe, new Places(merged));
        return recipe;
    }

    static Config reference() {
        return ConfigFactory.parseResources(RecipeFile.class, REFERENCE);
    }

    private static String reason(ConfigException e) {
        ConfigOrigin origin = e.origin();
        String message = e.getMessage();
        if (origin != null && message.startsWith(origin.description() + ": ")) {
            message = message.substring(origin.description().length() + 2);
        }
        String sentence = message.replaceAll("\\s+", " ").replaceFirst(" \\(if you intended.*", "");
        return origin != null && origin.lineNumber() > 0
                ? "line %d: %s".formatted(origin.lineNumber(), sentence)
                : sentence;
    }

    private static Recipe named(Recipe recipe, String source) {
        if (!recipe.name().isEmpty()) {
            return recipe;
        }
        String file = source.substring(source.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return recipe.withName(dot > 0 ? file.substring(0, dot) : file);
    }
}

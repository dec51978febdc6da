package io.sparkpeft.cli.option;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.store.file.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Finds a recipe on the local disk, where spark-submit also puts what --files names, or on any Hadoop file system. */
public final class RecipeSource {
    private RecipeSource() {}

    public static Recipe load(String location, List<String> overrides) {
        boolean hasScheme = location.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
        if (!hasScheme && (Files.exists(Path.of(location)) || isLocal())) {
            return RecipeFile.read(Path.of(location), overrides);
        }
        Configuration configuration = configuration();
        // Qualified first, so that a wrong scheme is told as such.
        var path = new org.apache.hadoop.fs.Path(
                Storage.at(location, configuration).uri());
        Storage directory = Storage.at(String.valueOf(path.getParent()), configuration);
        return RecipeFile.read(directory, path.getName(), location, overrides, configuration);
    }

    /** The Hadoop settings that spark-submit was given, before there is a Spark session. */
    public static Configuration configuration() {
        return SparkHadoopUtil.get().newConfiguration(new SparkConf());
    }

    private static boolean isLocal() {
        return configuration().get("fs.defaultFS", "file:///").startsWith("file:");
    }
}

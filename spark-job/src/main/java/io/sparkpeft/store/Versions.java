package io.sparkpeft.store;

import io.sparkpeft.config.bind.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.SparkConf;

/** What a run was made by. */
public final class Versions {
    private static final String PROGRAM = "/io/sparkpeft/version.properties";

    private Versions() {}

    /** The version of this program. */
    public static String program() {
        return of("version");
    }

    /** The commit that this program was built from, and whether files had been changed since; unknown outside of git. */
    public static String commit() {
        return of("commit") + (of("changed").equals("true") ? " with changes" : "");
    }

    /** When that commit was made; empty outside of git. */
    public static String commitTime() {
        return of("commit-time");
    }

    /** What the build noted under a name, such as the version of a library. */
    public static String of(String name) {
        try (InputStream in = Versions.class.getResourceAsStream(PROGRAM)) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty(name);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + PROGRAM, e);
        }
    }

    /**
     * Versions of the program, Java, Spark, Hadoop and the platform.
     *
     * @param backend what computes, with its library and the processor kernel it chose
     */
    public static Map<String, String> all(String backend) {
        Map<String, String> versions = new TreeMap<>();
        versions.put("spark-peft", program());
        versions.put("commit", commit());
        if (!commitTime().isEmpty()) {
            versions.put("commit-time", commitTime());
        }
        versions.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        versions.put("scala", scala.util.Properties.versionNumberString());
        versions.put("hadoop", VersionInfo.getVersion());
        versions.put("platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put("backend", backend);
        return versions;
    }

    /** The settings of Spark that were set, with secrets hidden; long lists of options for the JVM are left out. */
    public static Map<String, String> settings(SparkConf conf) {
        Map<String, String> settings = new TreeMap<>();
        for (var setting : conf.getAll()) {
            if (!setting._1().endsWith("JavaOptions")) {
                settings.put(setting._1(), Redaction.setting(setting._1(), setting._2()));
            }
        }
        return settings;
    }
}

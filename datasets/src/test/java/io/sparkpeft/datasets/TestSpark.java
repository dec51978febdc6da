package io.sparkpeft.datasets;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** One Spark session per JVM; tests that need another master start it in place of the running one. */
public final class TestSpark {
    private static String running = "";

    private TestSpark() {}

    /** The session of two local cores. */
    public static SparkSession session() {
        return session("local[2]", Map.of());
    }

    /** A session with the given master and configuration; the one before is stopped if it differs. */
    public static synchronized SparkSession session(String master, Map<String, String> configuration) {
        String wanted = master + configuration;
        if (!wanted.equals(running)) {
            SparkSession.getActiveSession().foreach(session -> {
                session.stop();
                return null;
            });
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
            running = wanted;
        }
        SparkSession.Builder builder = SparkSession.builder()
                .master(master)
                .appName("datasets tests")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2);
        configuration.forEach(builder::config);
        return builder.getOrCreate();
    }
}

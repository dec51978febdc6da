package io.sparkpeft.dl4j;

import io.sparkpeft.spark.OwnSession;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Spark in this process. */
public final class LocalSpark implements AutoCloseable {
    private final OwnSession session;

    public LocalSpark(int cores) {
        session = OwnSession.of(SparkSession.builder()
                .master("local[%d]".formatted(cores))
                .appName("masked averaging")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate());
    }

    public JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(session.session().sparkContext());
    }

    public SparkSession session() {
        return session.session();
    }

    @Override
    public void close() {
        session.close();
    }
}

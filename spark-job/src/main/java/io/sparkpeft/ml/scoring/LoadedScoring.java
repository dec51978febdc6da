package io.sparkpeft.ml.scoring;

import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * What executors need to score, shared with those of one Spark context.
 *
 * @param context whose executors have it
 * @param scoring what it is
 * @param shared the same, as tasks find it; Spark removes it when nobody holds it any more
 */
public record LoadedScoring(SparkContext context, Scoring scoring, Broadcast<Scoring> shared) {
    /** Shares it with the executors of the session. */
    public static LoadedScoring on(SparkSession session, Scoring scoring) {
        SparkContext context = session.sparkContext();
        return new LoadedScoring(
                context, scoring, JavaSparkContext.fromSparkContext(context).broadcast(scoring));
    }

    /** Whether the session's executors have it. */
    public boolean isOf(SparkSession session) {
        return context == session.sparkContext();
    }
}

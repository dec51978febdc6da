package io.sparkpeft.spark;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.metrics.MetricsPlugin;
import io.sparkpeft.spark.memory.MemoryRules;
import io.sparkpeft.spark.resource.TrainingGpus;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session of this program, stopped when closed. {@link SparkSession} itself can be closed in every version of
 * Spark, but from 4.0 on with a checked exception.
 */
public final class OwnSession implements AutoCloseable {
    private final SparkSession session;

    private OwnSession(SparkSession session) {
        this.session = session;
    }

    /**
     * Starts Spark as spark-submit says, or takes the session that there is.
     *
     * @throws JobException if there is no master, or spark-submit was given limits of memory that contradict each other, or
     *     asked for GPUs that Spark cannot give
     */
    public static OwnSession start(String applicationName) {
        SparkConf conf = new SparkConf();
        requireMaster(conf);
        MemoryRules.check(conf);
        TrainingGpus.of(conf);
        Map.Entry<String, String> plugins = MetricsPlugin.setting(conf);
        return of(SparkSession.builder()
                .appName(applicationName)
                .config(plugins.getKey(), plugins.getValue())
                .getOrCreate());
    }

    private static void requireMaster(SparkConf conf) {
        if (!conf.contains("spark.master") && SparkSession.getDefaultSession().isEmpty()) {
            throw JobException.config(
                    "Cannot start Spark: there is no master (spark.master); start the program by submit/submit.sh or by spark-submit");
        }
    }

    /** Takes over a session, to be stopped when closed. */
    public static OwnSession of(SparkSession session) {
        return new OwnSession(session);
    }

    /** The session itself. */
    public SparkSession session() {
        return session;
    }

    /**
     * Does the work of a command.
     *
     * @throws JobException if it fails because the cluster stopped Spark: started again, the work may end well
     */
    public void work(Consumer<SparkSession> work) {
        try {
            work.accept(session);
        } catch (JobException e) {
            throw e;
        } catch (RuntimeException e) {
            throw session.sparkContext().isStopped() ? stopped(e) : e;
        }
    }

    private static JobException stopped(RuntimeException e) {
        return new JobException(
                FailureKind.RETRYABLE,
                "Cannot go on: the cluster ended the Spark application, or its master cannot be reached; Spark's log"
                        + " says which",
                e);
    }

    @Override
    public void close() {
        session.stop();
    }
}

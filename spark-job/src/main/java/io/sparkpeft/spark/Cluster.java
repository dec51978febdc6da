package io.sparkpeft.spark;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.datasets.spark.JobDescription;
import io.sparkpeft.profile.RunProfile;
import io.sparkpeft.spark.resource.TrainingGpus;
import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What stages ask of Spark: one task for each of a fixed number of logical shards, however many executors there are,
 * with the results in shard order. Plain {@code map}, no barrier: a lost task is retried alone. Closed, it leaves nothing
 * in the session, which is often the user's own.
 */
public final class Cluster implements AutoCloseable {
    private final SparkSession session;
    private final JavaSparkContext context;
    private final Broadcast<SerializableConfiguration> configuration;
    private final Traffic traffic;
    private final RunProfile profile;
    private final TrainingGpus gpus;

    public Cluster(SparkSession session) {
        this(session, RunProfile.off());
    }

    /** @param profile told of the work of all tasks, if it is on */
    public Cluster(SparkSession session, RunProfile profile) {
        this.session = session;
        this.profile = profile;
        this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.gpus = TrainingGpus.of(context.getConf());
        this.configuration = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        this.traffic = new Traffic(context.sc());
        context.sc().addSparkListener(traffic);
    }

    /** Work on one item, done on an executor. Must have no side effect, since it may be done twice. */
    @FunctionalInterface
    public interface Task<I, O> extends Serializable {
        O run(I item, Configuration configuration) throws Exception;
    }

    public SparkSession session() {
        return session;
    }

    public JavaSparkContext context() {
        return context;
    }

    /** Bytes that moved, as Spark measured them. */
    public Traffic traffic() {
        return traffic;
    }

    /** Where the time goes. */
    public RunProfile profile() {
        return profile;
    }

    public Configuration hadoopConfiguration() {
        return context.hadoopConfiguration();
    }

    /** Runs one task per shard, which computes by that backend, and gives the results in shard order. */
    public <O> List<O> onShards(String description, BackendChoice choice, int shards, Task<Integer, O> task) {
        return collect(description, computing(choice, rdd(shards, task)));
    }

    /** Brings all elements to the driver, in order, by a job that Spark's user interface shows under the description. */
    public <T> List<T> collect(String description, JavaRDD<T> elements) {
        return describe(description, () -> Elements.of(elements));
    }

    /** One partition per shard, holding what the task makes of it. */
    public <O> JavaRDD<O> rdd(int shards, Task<Integer, O> task) {
        return onItems(IntStream.range(0, shards).boxed().toList(), task);
    }

    /** The same for the tasks of training rounds, which may hold GPUs that no others do. */
    public <O> JavaRDD<O> trainingRdd(int shards, Task<Integer, O> task) {
        return gpus.hold(rdd(shards, task));
    }

    /** The same work of a stage that is no round, by tasks that hold GPUs as those of rounds do if they compute on them. */
    public <T> JavaRDD<T> computing(BackendChoice choice, JavaRDD<T> work) {
        return gpus.hold(work, choice);
    }

    /** One partition per item. */
    public <I, O> JavaRDD<O> onItems(List<I> items, Task<I, O> task) {
        return map(context.parallelize(items, Math.max(1, items.size())), task);
    }

    /** What a task makes of every element; an executor that runs another build of the program refuses. */
    public <I, O> JavaRDD<O> map(JavaRDD<I> elements, Task<I, O> task) {
        Broadcast<SerializableConfiguration> shared = configuration;
        if (profile.isOn()) {
            RunProfile.Probe probe = profile.probe();
            return elements.map(new SameBuild<>(
                    item -> probe.measure(() -> run(task, item, shared.value().value()))));
        }
        return elements.map(
                new SameBuild<>(item -> run(task, item, shared.value().value())));
    }

    private static <I, O> O run(Task<I, O> task, I item, Configuration configuration) throws Exception {
        try {
            return task.run(item, configuration);
        } catch (OutOfMemoryError e) {
            throw TaskFailure.memory(e);
        }
    }

    /** Takes the listener and the broadcast out of the session; no task can be run any more. */
    @Override
    public void close() {
        if (!context.sc().isStopped()) {
            context.sc().removeSparkListener(traffic);
            configuration.destroy();
        }
    }

    /** Runs an action whose jobs the Spark user interface shows under a description, inside the one around it. */
    public <T> T describe(String description, Supplier<T> action) {
        try {
            return JobDescription.within(context.sc(), description, action);
        } catch (Exception e) {
            // Scala throws Spark's checked exceptions undeclared.
            throw TaskFailure.unwrap(e);
        }
    }
}

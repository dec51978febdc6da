package io.sparkpeft.datasets.spark;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * What the Spark user interface shows of a job. Descriptions nest: work that is described inside other work has both,
 * the outer one first, such as {@code masked phase 1, round 3 of 12, train 4 shards}.
 */
public final class JobDescription {
    private static final String KEY = "spark.job.description";
    private static final String BETWEEN = ", ";

    private static final String GROUP = "spark.jobGroup.id";

    private JobDescription() {}

    /** Does work whose jobs belong to one group, which the user interface shows, and may cancel, together. */
    public static <T> T inGroup(SparkContext context, String group, Supplier<T> work) {
        String outer = context.getLocalProperty(GROUP);
        context.setLocalProperty(GROUP, group);
        try {
            return work.get();
        } finally {
            context.setLocalProperty(GROUP, outer);
        }
    }

    /** Does work whose jobs, all those that this thread starts, are described so. */
    public static <T> T within(SparkContext context, String description, Supplier<T> work) {
        String outer = context.getLocalProperty(KEY);
        context.setJobDescription(outer == null || outer.isEmpty() ? description : outer + BETWEEN + description);
        try {
            return work.get();
        } finally {
            context.setJobDescription(outer);
        }
    }
}

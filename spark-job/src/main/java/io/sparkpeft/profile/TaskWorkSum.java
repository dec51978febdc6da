package io.sparkpeft.profile;

import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.util.AccumulatorV2;

/** Brings the work of all tasks to the driver. A task that Spark runs twice counts twice: it did the work. */
public final class TaskWorkSum extends AccumulatorV2<TaskWorkSum.Part, Map<Stage, TaskWork>> {
    private static final long serialVersionUID = 1L;

    private final EnumMap<Stage, TaskWork> sums = new EnumMap<>(Stage.class);

    /** The work of one task. */
    public record Part(Stage stage, TaskWork work) {}

    @Override
    public boolean isZero() {
        return sums.isEmpty();
    }

    @Override
    public TaskWorkSum copy() {
        TaskWorkSum copy = new TaskWorkSum();
        copy.sums.putAll(sums);
        return copy;
    }

    @Override
    public void reset() {
        sums.clear();
    }

    @Override
    public void add(Part part) {
        sums.merge(part.stage(), part.work(), TaskWork::plus);
    }

    @Override
    public void merge(AccumulatorV2<Part, Map<Stage, TaskWork>> other) {
        other.value().forEach((stage, work) -> sums.merge(stage, work, TaskWork::plus));
    }

    @Override
    public Map<Stage, TaskWork> value() {
        return new EnumMap<>(sums);
    }
}

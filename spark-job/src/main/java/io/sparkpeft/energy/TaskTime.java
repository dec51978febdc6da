package io.sparkpeft.energy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Processor time of a run's tasks, as Spark measured it, those that failed or were done twice included. A job says by a
 * property of its thread which part of which run it belongs to.
 */
final class TaskTime extends SparkListener {
    /** Stages of Spark whose tasks may still end. */
    private static final int KNOWN_STAGES = 1000;

    private final String property;
    private final Map<Place, Long> nanoseconds = new LinkedHashMap<>();
    private final Set<String> processes = new TreeSet<>();
    private final Map<Integer, Place> places = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Place> eldest) {
            return size() > KNOWN_STAGES;
        }
    };

    /** @param property that holds the {@link Place} */
    TaskTime(String property) {
        this.property = property;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        String place =
                submitted.properties() == null ? null : submitted.properties().getProperty(property);
        if (place != null) {
            places.put(submitted.stageInfo().stageId(), Place.of(place));
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        Place place = places.get(end.stageId());
        TaskMetrics metrics = end.taskMetrics();
        if (place != null && metrics != null) {
            processes.add(end.taskInfo().executorId());
            nanoseconds.merge(place, metrics.executorCpuTime() + metrics.executorDeserializeCpuTime(), Long::sum);
        }
    }

    synchronized Map<Place, Long> nanoseconds() {
        return new LinkedHashMap<>(nanoseconds);
    }

    /** Ids of the executors that worked for the run. */
    synchronized Set<String> processes() {
        return new TreeSet<>(processes);
    }
}

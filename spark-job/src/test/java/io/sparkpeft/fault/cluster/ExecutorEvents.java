package io.sparkpeft.fault.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Remembers which executors came and went, and what they did. */
public final class ExecutorEvents extends SparkListener {
    private final List<String> added = new CopyOnWriteArrayList<>();
    private final List<String> removed = new CopyOnWriteArrayList<>();
    private final Set<String> finishedTasks = ConcurrentHashMap.newKeySet();
    private final List<String> twins = new CopyOnWriteArrayList<>();
    private final List<String> unfinished = new CopyOnWriteArrayList<>();

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded event) {
        added.add(event.executorId());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        removed.add(event.executorId());
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        if (event.taskInfo().speculative()) {
            twins.add(event.taskInfo().id());
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.taskInfo().successful()) {
            finishedTasks.add(event.taskInfo().executorId());
        } else {
            unfinished.add(event.taskInfo().id());
        }
    }

    /** Executors that came, in order. */
    public List<String> added() {
        return List.copyOf(added);
    }

    /** Executors that went. */
    public List<String> removed() {
        return List.copyOf(removed);
    }

    /** Executors that finished a task. */
    public Set<String> worked() {
        return Set.copyOf(finishedTasks);
    }

    /** Speculative attempts that were started. */
    public List<String> twins() {
        return List.copyOf(twins);
    }

    /** Attempts that failed or were killed. */
    public List<String> unfinished() {
        return List.copyOf(unfinished);
    }
}

package io.sparkpeft.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.stats.BaseEventStats;
import org.deeplearning4j.spark.stats.EventStats;
import org.deeplearning4j.spark.stats.StatsUtils;

/** How long the driver waited for masks and rounds, by this machine's clock; no time server is asked. */
final class TrainingTimes implements SparkTrainingStats {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, List<EventStats>> events = new TreeMap<>();

    void add(String name, long began, long milliseconds) {
        events.computeIfAbsent(name, n -> new ArrayList<>()).add(new BaseEventStats(began, milliseconds));
    }

    @Override
    public Set<String> getKeySet() {
        return Set.copyOf(events.keySet());
    }

    @Override
    public List<EventStats> getValue(String key) {
        List<EventStats> values = events.get(key);
        if (values == null) {
            throw new IllegalArgumentException("Invalid key of training times: %s (there are: %s)"
                    .formatted(key, String.join(", ", events.keySet())));
        }
        return List.copyOf(values);
    }

    @Override
    public String getShortNameForKey(String key) {
        return key;
    }

    @Override
    public boolean defaultIncludeInPlots(String key) {
        return true;
    }

    @Override
    public void addOtherTrainingStats(SparkTrainingStats other) {
        for (String key : other.getKeySet()) {
            events.computeIfAbsent(key, n -> new ArrayList<>()).addAll(other.getValue(key));
        }
    }

    /** Nothing: workers send no times of their own, which DL4J says by null. */
    @Override
    public SparkTrainingStats getNestedTrainingStats() {
        return null;
    }

    @Override
    public String statsAsString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<EventStats>> entry : events.entrySet()) {
            long sum = entry.getValue().stream()
                    .mapToLong(EventStats::getDurationMs)
                    .sum();
            text.append("%s: %d times, %d ms%n"
                    .formatted(entry.getKey(), entry.getValue().size(), sum));
        }
        return text.toString();
    }

    @Override
    public void exportStatFiles(String directory, SparkContext context) throws java.io.IOException {
        for (Map.Entry<String, List<EventStats>> entry : events.entrySet()) {
            String path = directory + "/" + entry.getKey() + ".txt";
            StatsUtils.exportStats(entry.getValue(), path, SparkTrainingStats.DEFAULT_PRINT_FORMAT, context);
        }
    }
}

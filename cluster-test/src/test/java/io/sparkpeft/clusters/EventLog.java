package io.sparkpeft.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Spark wrote down of one application: the lines of its event log. */
record EventLog(List<JsonNode> events) {
    /**
     * A task that ended well.
     *
     * @param launched milliseconds on the driver's clock
     * @param took milliseconds on the executor, from some time after that
     */
    record Task(int stage, String executor, long launched, long took) {
        long earliestEnd() {
            return launched + took;
        }
    }

    /** Reads the only log of a directory. */
    static EventLog in(Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (Stream<Path> files = Files.list(directory)) {
            List<JsonNode> events = new ArrayList<>();
            for (String line :
                    Files.readAllLines(files.collect(Collectors.toList()).get(0))) {
                events.add(mapper.readTree(line));
            }
            return new EventLog(events);
        }
    }

    private Stream<JsonNode> of(String event) {
        return events.stream().filter(node -> node.path("Event").asText().equals("SparkListener" + event));
    }

    /** The resource profile of each stage whose jobs are described so, or are not. */
    Map<Integer, Integer> profiles(String description, boolean isDescribed) {
        return of("StageSubmitted")
                .filter(node -> isDescribed
                        == node.path("Properties")
                                .path("spark.job.description")
                                .asText()
                                .contains(description))
                .map(node -> node.path("Stage Info"))
                .collect(Collectors.toMap(
                        stage -> stage.path("Stage ID").asInt(),
                        stage -> stage.path("Resource Profile Id").asInt(),
                        (one, other) -> other));
    }

    /** All tasks that ended well. */
    List<Task> tasks() {
        return of("TaskEnd")
                .filter(node ->
                        node.path("Task End Reason").path("Reason").asText().equals("Success"))
                .map(node -> new Task(
                        node.path("Stage ID").asInt(),
                        node.path("Task Info").path("Executor ID").asText(),
                        node.path("Task Info").path("Launch Time").asLong(),
                        node.path("Task Metrics").path("Executor Run Time").asLong()))
                .toList();
    }

    /** All executors that ever were there. */
    Set<String> executors() {
        return gpus().keySet();
    }

    /** How many GPUs each executor that ever was there had. */
    Map<String, Integer> gpus() {
        return of("ExecutorAdded")
                .collect(Collectors.toMap(node -> node.path("Executor ID").asText(), node -> node.path("Executor Info")
                        .path("Resources")
                        .path("gpu")
                        .path("addresses")
                        .size()));
    }

    /** Executors that went, and why. */
    Map<String, String> removed() {
        return of("ExecutorRemoved")
                .collect(Collectors.toMap(
                        node -> node.path("Executor ID").asText(),
                        node -> node.path("Removed Reason").asText(),
                        (one, other) -> one));
    }
}

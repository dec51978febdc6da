package io.sparkpeft.store;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sparkpeft.failure.JobException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code metrics.jsonl}: one line for each thing that was measured. A line has an id, and a line with the id of an
 * earlier one takes its place, so rounds that are done again after a resume are not there twice. The file is replaced as
 * a whole, since object stores cannot append.
 */
public final class MetricsLog {
    public static final String FILE = "metrics.jsonl";

    private final Storage run;
    private final DriverFence fence;
    private final Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    /** The rows as text: a row is written once, however often the file is. */
    private final Map<String, String> lines = new LinkedHashMap<>();

    MetricsLog(Storage run, DriverFence fence) {
        this.run = run;
        this.fence = fence;
        if (run.exists(FILE)) {
            run.readText(FILE).lines().filter(line -> !line.isBlank()).forEach(this::readLine);
        }
    }

    private void readLine(String line) {
        Map<String, Object> row = Json.MAPPER.convertValue(
                Json.parse(line, run.uri(FILE)), new TypeReference<LinkedHashMap<String, Object>>() {});
        add(String.valueOf(row.get("id")), row);
    }

    private void add(String id, Map<String, Object> row) {
        rows.put(id, row);
        lines.put(id, Json.line(row) + '\n');
    }

    /**
     * Adds a line; {@link #flush} writes it.
     *
     * @param id tells the line from all others, such as {@code masked/phase-1/round-12}
     * @param values text, numbers, booleans, or lists and maps of them
     */
    public void put(String id, Map<String, ?> values) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", id);
        row.putAll(values);
        if (!row.get("id").equals(id)) {
            throw new IllegalArgumentException("Invalid metrics: %s has another id among its values".formatted(id));
        }
        add(id, row);
    }

    /** All lines, in the order in which their ids first came. */
    public Collection<Map<String, Object>> rows() {
        return List.copyOf(rows.values());
    }

    /**
     * Replaces the file.
     *
     * @throws JobException if another driver has taken the run over
     */
    public void flush() {
        fence.require();
        run.replace(FILE, String.join("", lines.values()));
    }
}

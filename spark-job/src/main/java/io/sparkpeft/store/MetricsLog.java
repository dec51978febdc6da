package io.sparkpeft.store;

import com.fasterxml.jackson.core.type.TypeReference;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code metrics.jsonl}: one line for each thing that was measured. A line has an id, and a line with the id of an
 * earlier one takes its place, so rounds that are done again after a resume are not there twice. The file is replaced as
 * a whole, since object stores cannot append.
 */
public final class MetricsLog {
    public static final String FILE = "metrics.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);

    private final Storage run;
    private final DriverFence fence;
    private final Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
    /** The rows as text: a row is written once, however often the file is. */
    private final Map<String, String> lines = new LinkedHashMap<>();

    MetricsLog(Storage run, DriverFence fence) {
        this.run = run;
        this.fence = fence;
        // Where a file cannot be renamed over another in one step, the new one may be all that is left, or the whole
        // one.
        boolean whole = read(FILE);
        if (!whole) {
            read(Storage.aside(FILE));
        }
    }

    /** Adds the lines of a file, and tells whether it is there and whole. */
    private boolean read(String file) {
        if (!run.exists(file)) {
            return false;
        }
        boolean whole = true;
        for (String line : run.readText(file).lines().toList()) {
            whole &= line.isBlank() || readLine(file, line);
        }
        return whole;
    }

    private boolean readLine(String file, String line) {
        try {
            Map<String, Object> row = Json.MAPPER.convertValue(
                    Json.parse(line, run.uri(file)), new TypeReference<LinkedHashMap<String, Object>>() {});
            add(String.valueOf(row.get("id")), row);
            return true;
        } catch (JobException e) {
            LOG.warn("Left out a line of {}: {}", run.uri(file), e.getMessage());
            return false;
        }
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

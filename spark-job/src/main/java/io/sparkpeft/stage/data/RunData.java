package io.sparkpeft.stage.data;

import io.sparkpeft.datasets.prepare.PreparedData;
import java.util.List;
import java.util.Optional;

/**
 * The prepared data of a run.
 *
 * @param task splits train, dev and, where there is one, test
 * @param generic the sample that says what the model already knows, for importance
 * @param retention the sample on which forgetting is measured
 */
public record RunData(PreparedData task, Optional<PreparedData> generic, Optional<PreparedData> retention) {
    public static final String TRAIN = "train";
    public static final String DEV = "dev";
    public static final String TEST = "test";
    public static final String SAMPLE = "sample";

    public List<String> labels() {
        return task.manifest().labelNames();
    }
}

package io.sparkpeft.stage.data;

import io.sparkpeft.datasets.prepare.PreparedData;
import io.sparkpeft.datasets.shard.SplitSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what the prepared data holds, and what was left out. */
public final class DataReport {
    private DataReport() {}

    /** One sentence for every split, and for what was left out. */
    public static List<String> sentences(RunData data) {
        List<String> sentences = new ArrayList<>();
        describe("data", data.task(), sentences);
        data.generic().ifPresent(generic -> describe("generic sample", generic, sentences));
        data.retention().ifPresent(retention -> describe("retention sample", retention, sentences));
        return sentences;
    }

    private static void describe(String name, PreparedData data, List<String> sentences) {
        for (Map.Entry<String, SplitSummary> entry : data.manifest().splits().entrySet()) {
            SplitSummary split = entry.getValue();
            sentences.add("%s, %s: %,d examples, %,d tokens in %d shards%s%s"
                    .formatted(
                            name,
                            entry.getKey(),
                            split.examples(),
                            split.tokens(),
                            split.shards().size(),
                            split.truncated() == 0
                                    ? ""
                                    : ", %,d texts cut to the model's length".formatted(split.truncated()),
                            data.reused() ? ", as prepared before" : ""));
        }
        data.manifest().sources().stream()
                .filter(source -> source.malformed() > 0)
                .forEach(source -> sentences.add("%s: %,d rows could not be used (%s)"
                        .formatted(name, source.malformed(), source.quarantined())));
    }
}

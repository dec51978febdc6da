package io.sparkpeft.inspect;

import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Lines;
import io.sparkpeft.console.TextTable;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelFamilies;
import io.sparkpeft.model.architecture.ModelFamily;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.safetensors.SafeTensorsReader;
import io.sparkpeft.model.safetensors.ShardIndex;
import io.sparkpeft.model.safetensors.TensorEntry;
import io.sparkpeft.store.HadoopCheckpointFiles;
import io.sparkpeft.store.file.Storage;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** What a checkpoint in Hugging Face layout holds, down to how many weights of each tensor are 0. */
final class ModelInspection {
    private ModelInspection() {}

    static List<String> of(Storage directory, Configuration configuration) {
        HadoopCheckpointFiles files = new HadoopCheckpointFiles(directory.uri(), configuration);
        try {
            ConfigJson json = Checkpoints.config(files);
            ModelFamily family = ModelFamilies.of(json);
            Lines lines = new Lines().title("model " + directory.uri());
            describe(lines, family.modelType(), family.read(json), Checkpoints.labels(json));
            lines.add(
                    "tokenizer",
                    String.join(
                            ", ",
                            files.list().stream()
                                    .filter(TokenizerFiles.NAMES::contains)
                                    .toList()));
            if (files.list().stream().noneMatch(name -> name.endsWith(".safetensors"))) {
                return lines.add("weights", "none").close();
            }
            return tensors(lines, files);
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    e.getMessage().startsWith("Cannot ")
                            ? e.getMessage()
                            : "Cannot read %s: %s".formatted(directory.uri(), e.getMessage()),
                    e);
        }
    }

    private static void describe(Lines lines, String family, TransformerConfig config, List<String> labels) {
        TransformerConfig.Sizes sizes = config.sizes();
        lines.add("family", family);
        lines.add(
                "layers",
                "%d of width %d, feed-forward %d".formatted(sizes.layers(), sizes.hidden(), sizes.intermediate()));
        lines.add(
                "heads",
                "%d, %d for keys and values, width %d"
                        .formatted(
                                config.attention().heads(),
                                config.attention().keyValueHeads(),
                                config.attention().headSize()));
        lines.add("vocabulary", "%,d".formatted(sizes.vocabulary()));
        lines.add("positions", "%,d".formatted(sizes.positions()));
        if (!labels.isEmpty()) {
            lines.add("labels", String.join(", ", labels));
        }
    }

    private static List<String> tensors(Lines lines, HadoopCheckpointFiles files) throws IOException {
        ShardIndex index = ShardIndex.read(files);
        Map<String, Long> zeros = new TreeMap<>();
        for (String file : index.files()) {
            SafeTensorsReader.readPieces(
                    files,
                    file,
                    entry -> entry.type().isFloating(),
                    (entry, from, count, values) -> zeros.merge(entry.name(), zeros(values, count), Long::sum));
        }
        long weights =
                index.entries().values().stream().mapToLong(TensorEntry::size).sum();
        long bytes = index.entries().values().stream()
                .mapToLong(entry -> entry.end() - entry.begin())
                .sum();
        long zero = zeros.values().stream().mapToLong(Long::longValue).sum();
        lines.add(
                "weights",
                "%,d in %d tensors, %s".formatted(weights, index.entries().size(), Amounts.bytes(bytes)));
        lines.add("zeros", "%,d (%s)".formatted(zero, Amounts.share((double) zero / Math.max(1, weights))));
        TextTable table = new TextTable("tensor", "type", "shape", "zeros");
        for (TensorEntry entry : index.entries().values()) {
            table.row(
                    entry.name(),
                    entry.type().name(),
                    entry.shape().toString(),
                    zeros.containsKey(entry.name())
                            ? Amounts.share((double) zeros.get(entry.name()) / Math.max(1, entry.size()))
                            : "");
        }
        List<String> all = new ArrayList<>(lines.close());
        all.add("");
        all.addAll(table.text().lines().toList());
        return all;
    }

    private static long zeros(float[] values, int count) {
        long zeros = 0;
        for (int i = 0; i < count; i++) {
            if (values[i] == 0) {
                zeros++;
            }
        }
        return zeros;
    }
}

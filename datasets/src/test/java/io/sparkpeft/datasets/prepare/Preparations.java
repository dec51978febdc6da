package io.sparkpeft.datasets.prepare;

import io.sparkpeft.datasets.TestTokenizers;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.model.Objective;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** Small corpora and what becomes of them. */
final class Preparations {
    static final CorpusSpec LABELLED = CorpusSpec.of("none").withColumns("text", "", "label");

    private Preparations() {}

    /** A TSV of label and text. */
    static CorpusSpec table(Path folder, String name, int rows, IntFunction<String> row) {
        String text = IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", "label\ttext\n", "\n"));
        return file(folder.resolve(name), text).withColumns("text", "", "label");
    }

    static CorpusSpec file(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CorpusSpec.of(file.toUri().toString());
    }

    /** A row of label a to c and a text of its own. */
    static String row(int i) {
        return "%c\tabc %d def".formatted('a' + i % 3, i * 7919);
    }

    static PrepareSpec classification(Path output, int shards, SplitSource... sources) {
        return PrepareSpec.of(
                List.of(sources),
                output.toUri(),
                TestTokenizers.letters(),
                Objective.SEQUENCE_CLASSIFICATION,
                32,
                shards);
    }

    static PrepareSpec language(Path output, int maxLength, LongText longText, SplitSource... sources) {
        return new PrepareSpec(
                List.of(sources),
                output.toUri(),
                false,
                TestTokenizers.letters(),
                Objective.MASKED_LM,
                maxLength,
                longText,
                List.of(),
                3,
                0,
                0);
    }

    /** The examples of a split by ordinal, as text. */
    static Map<Long, String> examples(PreparedData data, String split) {
        Map<Long, String> examples = new TreeMap<>();
        for (int s = 0; s < data.manifest().shards(); s++) {
            TokenShard shard = data.read(new Configuration(), split, s);
            for (int e = 0; e < shard.examples(); e++) {
                String text = Arrays.toString(shard.tokens(e)) + Arrays.toString(shard.typeIds(e)) + shard.label(e);
                if (examples.put(shard.ordinal(e), text) != null) {
                    throw new AssertionError("Ordinal " + shard.ordinal(e) + " occurs twice in " + split);
                }
            }
        }
        return examples;
    }

    /** The bytes of all shard files of a split, by name. */
    static Map<String, Integer> hashes(Path output, String split) {
        try (var files = Files.walk(output.resolve(split))) {
            TreeMap<String, Integer> hashes = new TreeMap<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                hashes.put(output.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
            return hashes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.model.Objective;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.io.Serializable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What executors need to know of a preparation.
 *
 * @param sources the corpora as they are read
 * @param slices of all corpora, in order
 * @param sourceOf index of the corpus of each slice
 */
public record PreparePlan(
        List<SplitSource> sources,
        List<FileSlice> slices,
        int[] sourceOf,
        TokenizerFiles tokenizer,
        Objective objective,
        int maxLength,
        LongText longText,
        int shards,
        long seed,
        URI output,
        SerializableConfiguration hadoop)
        implements Serializable {

    public Configuration configuration() {
        return hadoop.value();
    }

    /** The same for tasks that read no text: a tokenizer's files may be megabytes. */
    public PreparePlan withoutTokenizer() {
        TokenizerFiles none = new TokenizerFiles(Map.of());
        return new PreparePlan(
                sources, slices, sourceOf, none, objective, maxLength, longText, shards, seed, output, hadoop);
    }

    /** The names of all splits, in order of the corpora. */
    public List<String> splits() {
        return sources.stream()
                .flatMap(source -> source.rule().splits().stream())
                .toList();
    }

    /** Index in {@link #splits} of the first split of a corpus. */
    public int firstSplit(int source) {
        return sources.subList(0, source).stream()
                .mapToInt(s -> s.rule().splits().size())
                .sum();
    }
}

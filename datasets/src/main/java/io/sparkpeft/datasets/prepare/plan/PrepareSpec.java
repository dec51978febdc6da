package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.net.URI;
import java.util.HashSet;
import java.util.List;

/**
 * Everything that decides what prepared shards hold.
 *
 * @param sources the corpora; each split comes from one of them
 * @param output directory of the shards, with any scheme that Hadoop knows; owned by the preparation
 * @param shared whether runs share what is prepared: then the first digits of its digest are added to the directory's
 *     name, so that other preparations lie beside it
 * @param tokenizer that of the checkpoint
 * @param objective what the labels mean
 * @param maxLength most tokens of an example, special tokens included
 * @param longText what becomes of longer texts
 * @param labelNames the classes in order; empty to take those of the split {@code train}, sorted (numbers by value)
 * @param shards number of logical shards of every split
 * @param seed of hash splits
 * @param quarantineShare share of a source's records, from 0 to 1, that may be malformed; more is an error
 */
public record PrepareSpec(
        List<SplitSource> sources,
        URI output,
        boolean shared,
        TokenizerFiles tokenizer,
        Objective objective,
        int maxLength,
        LongText longText,
        List<String> labelNames,
        int shards,
        long seed,
        double quarantineShare) {

    public static final String TRAIN = "train";
    public static final double DEFAULT_QUARANTINE_SHARE = 0.01;
    private static final int MAX_SHARDS = 1 << 16;

    public PrepareSpec {
        sources = List.copyOf(sources);
        labelNames = List.copyOf(labelNames);
        if (sources.isEmpty()) {
            throw DatasetException.config("Invalid preparation: no corpus is named");
        }
        HashSet<String> names = new HashSet<>();
        for (SplitSource source : sources) {
            for (String split : source.rule().splits()) {
                if (!names.add(split)) {
                    throw DatasetException.config(
                            "Invalid preparation: split '%s' is given twice, the second time from %s",
                            split, source.corpus().paths());
                }
            }
        }
        if (shards < 1 || shards > MAX_SHARDS) {
            throw DatasetException.config("Invalid shard count: %d (1 to %d)", shards, MAX_SHARDS);
        }
        if (maxLength < 2) {
            throw DatasetException.config("Invalid max length: %d tokens (at least 2)", maxLength);
        }
        if (!(quarantineShare >= 0 && quarantineShare <= 1)) {
            throw DatasetException.config("Invalid quarantine share: %s (0 to 1)", quarantineShare);
        }
    }

    /** The same with the shards elsewhere. */
    public PrepareSpec withOutput(URI directory) {
        return new PrepareSpec(
                sources,
                directory,
                shared,
                tokenizer,
                objective,
                maxLength,
                longText,
                labelNames,
                shards,
                seed,
                quarantineShare);
    }

    /** With the objective's rule for long texts, label names from the data and one per cent of malformed rows. */
    public static PrepareSpec of(
            List<SplitSource> sources,
            URI output,
            TokenizerFiles tokenizer,
            Objective objective,
            int maxLength,
            int shards) {
        return new PrepareSpec(
                sources,
                output,
                false,
                tokenizer,
                objective,
                maxLength,
                LongText.defaultFor(objective),
                List.of(),
                shards,
                0,
                DEFAULT_QUARANTINE_SHARE);
    }
}

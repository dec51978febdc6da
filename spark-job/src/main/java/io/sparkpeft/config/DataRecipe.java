package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import java.util.List;

/** The task's examples: where they are, how they are read, split and sharded. */
public record DataRecipe(
        Source train,
        Source dev,
        Source test,
        String textColumn,
        String pairColumn,
        String labelColumn,
        List<String> featureColumns,
        boolean header,
        List<String> columns,
        TextUnit textUnit,
        @Range(min = 0, max = 1 << 20) int minTokens,
        LongText longText,
        Split split,
        @Range(min = 1, max = 1 << 20) int shards,
        @Range(min = 0, max = 1) double quarantineShare,
        @Range(min = 0) long limit,
        String cache) {

    /** Some files, directories or globs of one format. */
    public record Source(List<String> paths, Format format) {
        public boolean isEmpty() {
            return paths.isEmpty();
        }
    }

    /** How examples are divided into train, dev and test. */
    public record Split(
            SplitRule by,
            @Range(min = 0, max = 1, maxAllowed = false) double dev,
            @Range(min = 0, max = 1, maxAllowed = false) double test) {}

    /** What decides which split an example is in. */
    public enum SplitRule {
        /** The paths of train, dev and test. */
        FILES,
        /** A seeded hash of the example, so the order of the files does not matter. */
        HASH,
        /** The order of the examples: the last ones are held out, the test examples last of all. */
        TAIL
    }

    /** File formats of examples. */
    public enum Format {
        /** Told by the file's extension. */
        AUTO,
        TEXT,
        TSV,
        CSV,
        JSONL,
        PARQUET
    }

    /** What one example is in a plain text file. */
    public enum TextUnit {
        LINE,
        /** Lines up to the next empty one. */
        PARAGRAPH,
        FILE
    }

    /** What is done with a text longer than the model. */
    public enum LongText {
        TRUNCATE,
        SPLIT
    }
}

package io.sparkpeft.datasets.corpus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a corpus file holds its examples. */
public enum CorpusFormat {
    /** Told by each path's extension. */
    AUTO,
    /** Text without columns, cut into examples by {@link TextUnit}. */
    TEXT("txt", "text"),
    /** Columns parted by tabs; a quote is a character like any other. */
    TSV("tsv"),
    /** Columns parted by commas, quoted as in RFC 4180: line breaks inside quotes, quotes doubled. */
    CSV("csv"),
    /** One JSON object a line. */
    JSONL("jsonl", "ndjson", "json"),
    PARQUET("parquet");

    private final String[] extensions;

    CorpusFormat(String... extensions) {
        this.extensions = extensions;
    }

    /** The format of a file by its extension, that of a compression left out; empty where nothing is known of it. */
    public static Optional<CorpusFormat> ofFile(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|deflate|snappy|lz4)$", "");
        String extension = plain.substring(plain.lastIndexOf('.') + 1);
        return Arrays.stream(values())
                .filter(format -> Arrays.asList(format.extensions).contains(extension))
                .findFirst();
    }

    /** The word that a recipe uses. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean hasColumns() {
        return this != TEXT;
    }

    /** Whether the columns' names may stand in the first line of a file. */
    public boolean mayHaveHeader() {
        return this == TSV || this == CSV;
    }
}

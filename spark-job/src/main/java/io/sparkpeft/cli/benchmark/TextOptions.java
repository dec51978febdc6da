package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.input.TextSource;
import io.sparkpeft.datasets.corpus.CorpusFormat;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.TextUnit;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The text that is trained on. */
final class TextOptions {
    @Option(names = "--corpus", required = true, paramLabel = "FILE", description = "The corpus: text, TSV, CSV, …")
    private String corpus;

    @Option(names = "--tokenizer", paramLabel = "DIR", description = "Directory of the tokenizer; else the --model's.")
    private String tokenizer = "";

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "auto (the default), text, tsv, csv, jsonl, parquet.")
    private String format = "auto";

    @Option(names = "--text-column", paramLabel = "NAME", description = "Column of the text (default text).")
    private String textColumn = "text";

    @Option(names = "--label-column", paramLabel = "NAME", description = "Column of the label (default label).")
    private String labelColumn = "label";

    @Option(names = "--text-unit", paramLabel = "NAME", description = "line (the default), paragraph or file.")
    private String unit = "line";

    @Option(names = "--min-tokens", paramLabel = "N", description = "Shorter examples are left out (default 0).")
    private int minTokens;

    @Option(names = "--max-length", paramLabel = "N", description = "Most tokens of an example (default 512).")
    private int maxLength = 512;

    /**
     * @param model directory of the checkpoint, empty for none
     * @param language whether there are no labels
     */
    TextSource source(String model, boolean language) {
        String directory = tokenizer.isEmpty() ? model : tokenizer;
        if (directory.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read %s: neither --tokenizer nor --model is given".formatted(corpus));
        }
        if (minTokens < 0) {
            throw new IllegalArgumentException("Invalid --min-tokens: %d must not be negative".formatted(minTokens));
        }
        CorpusSpec spec = CorpusSpec.of(corpus)
                .withColumns(textColumn, "", language ? "" : labelColumn)
                .withFormat(Choice.of(CorpusFormat.class, "--format", format))
                .withUnit(Choice.of(TextUnit.class, "--text-unit", unit))
                .withMinTokens(minTokens);
        return new TextSource(spec, Path.of(directory), maxLength);
    }
}

package io.sparkpeft.benchmark.input;

import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A corpus and how it becomes tokens.
 *
 * @param corpus what is read
 * @param tokenizerDirectory with the files of a Hugging Face tokenizer
 * @param maxLength most tokens of an example
 */
public record TextSource(CorpusSpec corpus, Path tokenizerDirectory, int maxLength) {
    public TextSource {
        if (maxLength < 1) {
            throw new IllegalArgumentException("Invalid --max-length: %d must be above 0".formatted(maxLength));
        }
    }

    public String name() {
        return String.join(", ", corpus.paths());
    }

    /** The tokenizer; the caller closes it. */
    public Tokenizer tokenizer() {
        try {
            TokenizerFiles files = TokenizerFiles.read(new LocalCheckpointFiles(tokenizerDirectory));
            if (files.names().isEmpty()) {
                throw JobException.input("Cannot read tokenizer: there is none in " + tokenizerDirectory);
            }
            return Tokenizers.load(files);
        } catch (IOException e) {
            throw JobException.input("Cannot read tokenizer %s: %s".formatted(tokenizerDirectory, e.getMessage()));
        }
    }

    public CorpusText read(Tokenizer tokenizer) {
        return CorpusText.read(corpus, tokenizer, maxLength);
    }

    /** The class names of a labelled corpus. */
    public List<String> classes(CorpusText read) {
        List<String> classes = read.classes();
        if (classes.size() < 2) {
            throw JobException.input("Cannot classify %s: column '%s' names %d classes, 2 or more are needed"
                    .formatted(name(), corpus.labelColumn(), classes.size()));
        }
        return classes;
    }
}

package io.sparkpeft.benchmark.input;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFiles;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import io.sparkpeft.datasets.corpus.format.CorpusReader;
import io.sparkpeft.datasets.row.LabelIndex;
import io.sparkpeft.datasets.row.TextWindows;
import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** A corpus read and tokenised in this process, by the readers and with the rules of a run. */
public final class CorpusText {
    private final List<int[]> tokens = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();

    private CorpusText() {}

    /**
     * Reads all texts; those that cannot be read or are too short are left out.
     *
     * @param maxLength most tokens of an example, special tokens included; the end of a longer one is cut off
     * @throws DatasetException if the corpus is missing or has not the columns asked for
     */
    static CorpusText read(CorpusSpec spec, Tokenizer tokenizer, int maxLength) {
        Configuration configuration = new Configuration();
        List<CorpusFile> files = CorpusFiles.list(spec, configuration);
        CorpusReader.requireColumns(files, spec, configuration);
        TextWindows windows = new TextWindows(tokenizer, maxLength, false);
        CorpusText text = new CorpusText();
        for (CorpusFile file : files) {
            try (RecordReader reader = CorpusReader.open(FileSlice.whole(file), spec, configuration)) {
                for (Optional<CorpusRecord> record = reader.next(); record.isPresent(); record = reader.next()) {
                    if (record.get() instanceof CorpusRecord.Example example) {
                        text.add(windows.content(example, spec.minTokens()));
                    }
                }
            } catch (IOException e) {
                throw DatasetException.unreadable(file.path(), e);
            }
        }
        if (text.tokens.isEmpty()) {
            throw JobException.input("Cannot use %s: there is no text in it".formatted(spec.paths()));
        }
        return text;
    }

    private void add(TokenRow.Content content) {
        if (content instanceof TokenRow.Kept kept) {
            tokens.add(kept.tokens()[0]);
            labels.add(kept.label());
        }
    }

    /** The class names, sorted; none for a corpus without labels. */
    List<String> classes() {
        return LabelIndex.sorted(
                        labels.stream().filter(label -> !label.isEmpty()).toList())
                .names();
    }

    /** All examples as one shard, in the order of the corpus. */
    public TokenShard shard() {
        LabelIndex index = new LabelIndex(classes());
        int[] offsets = new int[tokens.size() + 1];
        for (int e = 0; e < tokens.size(); e++) {
            offsets[e + 1] = offsets[e] + tokens.get(e).length;
        }
        int[] all = tokens.stream().flatMapToInt(IntStream::of).toArray();
        int[] classOf = labels.stream().mapToInt(index::of).toArray();
        long[] ordinals = IntStream.range(0, tokens.size()).asLongStream().toArray();
        return new TokenShard(0, all, new int[0], offsets, classOf, ordinals);
    }
}

package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusFormat;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import io.sparkpeft.datasets.io.Patience;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Opens slices of corpus files, on an executor or the driver. */
public final class CorpusReader {
    private CorpusReader() {}

    /**
     * The records that begin in a slice.
     *
     * @throws DatasetException if the file has not the columns asked for
     */
    public static RecordReader open(FileSlice slice, CorpusSpec spec, Configuration configuration) throws IOException {
        return Patience.with(() -> openOnce(slice, spec, configuration));
    }

    private static RecordReader openOnce(FileSlice slice, CorpusSpec spec, Configuration configuration)
            throws IOException {
        return switch (slice.file().format()) {
            case TEXT -> openText(slice, spec, configuration);
            case TSV -> TabSeparated.open(slice, spec, configuration);
            case CSV -> CommaSeparated.open(slice, spec, configuration);
            case JSONL -> new LineRecords(lines(slice, spec, configuration), new JsonLines(spec));
            case PARQUET -> ParquetRecords.open(slice, spec, configuration);
            case AUTO -> throw new IllegalArgumentException("Invalid format: the format of a file must be known");
        };
    }

    /**
     * Refuses a corpus whose first file has not the columns asked for, before any work is spent on it.
     *
     * @param files of the corpus
     */
    public static void requireColumns(List<CorpusFile> files, CorpusSpec spec, Configuration configuration) {
        CorpusFile first = files.get(0);
        if (!first.format().hasColumns() && (spec.isLabelled() || spec.isPaired())) {
            throw DatasetException.config(
                    "Cannot take column '%s' from %s: plain text has no columns",
                    spec.isLabelled() ? spec.labelColumn() : spec.pairColumn(), first.path());
        }
        if (first.format().hasColumns() && spec.textColumn().isBlank()) {
            throw DatasetException.config("Cannot read %s: no column is named for the text", first.path());
        }
        try {
            Patience.with(() -> readFirst(first, spec, configuration));
        } catch (IOException e) {
            throw DatasetException.unreadable(first.path(), e);
        }
    }

    private static boolean readFirst(CorpusFile first, CorpusSpec spec, Configuration configuration)
            throws IOException {
        FileSlice slice = FileSlice.whole(first);
        if (first.format() == CorpusFormat.JSONL) {
            try (LineRecords records = new LineRecords(lines(slice, spec, configuration), (offset, line) -> {
                new JsonLines(spec).requireColumns(line, first.path());
                return new CorpusRecord.Example(offset, line, "", "");
            })) {
                return records.next().isPresent();
            }
        }
        try (RecordReader reader = openOnce(slice, spec, configuration)) {
            return reader.next().isPresent();
        }
    }

    private static RecordReader openText(FileSlice slice, CorpusSpec spec, Configuration configuration)
            throws IOException {
        return switch (spec.unit()) {
            case LINE ->
                new LineRecords(
                        lines(slice, spec, configuration),
                        (offset, line) -> new CorpusRecord.Example(offset, line, "", ""));
            case PARAGRAPH -> new ParagraphRecords(lines(slice, spec, configuration), slice);
            case FILE -> new FileRecord(ByteInput.open(slice.file(), 0, configuration), spec.charset());
        };
    }

    private static LineInput lines(FileSlice slice, CorpusSpec spec, Configuration configuration) throws IOException {
        return LineInput.open(slice, spec.charset(), configuration);
    }
}

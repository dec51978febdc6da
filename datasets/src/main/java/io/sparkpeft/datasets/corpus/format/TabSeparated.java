package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Rows of columns parted by tabs, one a line, nothing quoted or escaped. */
final class TabSeparated {
    private TabSeparated() {}

    static RecordReader open(FileSlice slice, CorpusSpec spec, Configuration configuration) throws IOException {
        String path = slice.file().path();
        Optional<List<String>> first = firstRow(slice.file(), spec, configuration);
        if (first.isEmpty()) {
            return RecordReader.empty();
        }
        ColumnLayout layout = ColumnLayout.of(first.get(), spec, path);
        LineRecords records = new LineRecords(
                LineInput.open(slice, spec.charset(), configuration),
                (offset, line) -> layout.record(offset, cells(line), spec, line));
        if (spec.header() && slice.start() == 0) {
            records.next();
        }
        return records;
    }

    private static Optional<List<String>> firstRow(CorpusFile file, CorpusSpec spec, Configuration configuration)
            throws IOException {
        try (LineInput lines = LineInput.open(FileSlice.whole(file), spec.charset(), configuration)) {
            while (lines.next()) {
                if (!lines.isBlank()) {
                    return lines.text().map(TabSeparated::cells);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> cells(String line) {
        return Arrays.asList(line.split("\t", -1));
    }
}

package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where text, pair and label stand in the rows of a file.
 *
 * @param width number of columns of every row
 * @param text index of the text's column
 * @param pair index of the pair's column, −1 for none
 * @param label index of the label's column, −1 for none
 */
record ColumnLayout(int width, int text, int pair, int label) {
    static final String WRONG_WIDTH = "wrong number of columns";

    /** @param first the first row of the file, which is the header if the corpus has one */
    static ColumnLayout of(List<String> first, CorpusSpec spec, String file) {
        List<String> names = spec.header()
                ? first.stream().map(String::strip).toList()
                : IntStream.range(0, first.size()).mapToObj(Integer::toString).toList();
        return new ColumnLayout(
                names.size(),
                index(names, spec.textColumn(), spec, file),
                spec.isPaired() ? index(names, spec.pairColumn(), spec, file) : -1,
                spec.isLabelled() ? index(names, spec.labelColumn(), spec, file) : -1);
    }

    /** The record that a row is. */
    CorpusRecord record(long offset, List<String> row, CorpusSpec spec, String raw) {
        if (row.size() != width) {
            return new CorpusRecord.Malformed(
                    offset, WRONG_WIDTH, "%d instead of %d".formatted(row.size(), width), raw);
        }
        return Fields.record(
                offset,
                Optional.of(row.get(text)),
                pair < 0 ? Optional.empty() : Optional.of(row.get(pair)),
                label < 0 ? Optional.empty() : Optional.of(row.get(label)),
                spec,
                raw);
    }

    private static int index(List<String> names, String column, CorpusSpec spec, String file) {
        String name = spec.header() ? column : column.replaceFirst("^_c", "");
        int index = names.indexOf(name);
        if (index < 0) {
            throw missing(column, names, file);
        }
        return index;
    }

    static DatasetException missing(String column, List<String> names, String file) {
        return DatasetException.input("Cannot find column '%s' in %s: its columns are %s", column, file, names);
    }
}

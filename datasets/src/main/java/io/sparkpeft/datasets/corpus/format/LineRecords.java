package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.util.Optional;

/** Records of one line each. Blank lines are none. */
final class LineRecords implements RecordReader {
    /** Makes a record of a line. */
    interface Parser {
        CorpusRecord parse(long offset, String line);
    }

    private final LineInput lines;
    private final Parser parser;

    LineRecords(LineInput lines, Parser parser) {
        this.lines = lines;
        this.parser = parser;
    }

    @Override
    public Optional<CorpusRecord> next() throws IOException {
        while (lines.next()) {
            if (!lines.isBlank()) {
                Optional<String> text = lines.text();
                return Optional.of(text.isPresent() ? parser.parse(lines.start(), text.get()) : lines.malformed());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

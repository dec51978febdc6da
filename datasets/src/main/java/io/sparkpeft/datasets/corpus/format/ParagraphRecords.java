package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.FileSlice;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Paragraphs of a text. A paragraph belongs to the slice in which the blank line before it begins, the first one of a
 * file to the first slice: so a slice needs to know nothing of the bytes before it.
 */
final class ParagraphRecords implements RecordReader {
    private final LineInput lines;
    private final long end;
    private long blankStart;
    private boolean more;

    /** @param lines opened on the slice */
    ParagraphRecords(LineInput lines, FileSlice slice) throws IOException {
        this.lines = lines;
        this.end = slice.end();
        more = lines.read();
        if (slice.start() > 0) {
            while (more && !lines.isBlank()) {
                more = lines.read();
            }
        }
    }

    @Override
    public Optional<CorpusRecord> next() throws IOException {
        while (more && lines.isBlank()) {
            blankStart = lines.start();
            more = lines.read();
        }
        if (!more || blankStart >= end) {
            return Optional.empty();
        }
        long offset = lines.start();
        StringBuilder text = new StringBuilder();
        Optional<CorpusRecord> malformed = Optional.empty();
        while (more && !lines.isBlank()) {
            Optional<String> line = lines.text();
            if (line.isEmpty() || text.length() + line.get().length() > ByteBuilder.MAX_BYTES) {
                malformed = malformed.or(() -> Optional.of(
                        line.isEmpty()
                                ? lines.malformed()
                                : new CorpusRecord.Malformed(offset, ByteBuilder.TOO_LONG, "", text.toString())));
            } else if (malformed.isEmpty()) {
                text.append(text.length() == 0 ? "" : "\n").append(line.get());
            }
            more = lines.read();
        }
        return malformed.or(() -> Optional.of(new CorpusRecord.Example(offset, text.toString(), "", "")));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

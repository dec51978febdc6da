package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.FileSlice;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The lines of a slice: those that begin in it. Ends of lines are LF or CR LF. */
final class LineInput implements Closeable {
    private final ByteInput input;
    private final long end;
    private final ByteBuilder line;
    private long start;

    private LineInput(ByteInput input, long end, String charset) {
        this.input = input;
        this.end = end;
        this.line = new ByteBuilder(charset);
    }

    static LineInput open(FileSlice slice, String charset, Configuration configuration) throws IOException {
        // A slice reads one byte back: a line feed there says that a line begins with the slice.
        long from = Math.max(0, slice.start() - 1);
        LineInput lines = new LineInput(ByteInput.open(slice.file(), from, configuration), slice.end(), charset);
        if (slice.start() > 0) {
            lines.read();
        }
        return lines;
    }

    /** Goes to the next line that begins in the slice; false after the last. */
    boolean next() throws IOException {
        return input.position() < end && read();
    }

    /** Goes to the next line wherever it begins; false at the end of the file. */
    boolean read() throws IOException {
        start = input.position();
        line.clear();
        int value = input.read();
        if (value < 0) {
            return false;
        }
        while (value >= 0 && value != '\n') {
            line.add(value);
            value = input.read();
        }
        line.dropLast('\r');
        return true;
    }

    /** Offset in the file of the line's first byte. */
    long start() {
        return start;
    }

    boolean isBlank() {
        return !line.isTooLong() && line.isBlank();
    }

    /** The line; empty where it is too long or not in the charset. */
    Optional<String> text() {
        return line.isTooLong() ? Optional.empty() : line.decode();
    }

    /** What to say of a line that has no text. */
    CorpusRecord.Malformed malformed() {
        return new CorpusRecord.Malformed(start, line.problem(), "", line.excerpt());
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}

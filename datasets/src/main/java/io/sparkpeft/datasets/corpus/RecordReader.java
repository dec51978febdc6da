package io.sparkpeft.datasets.corpus;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Delivers the records of a slice in order. */
public interface RecordReader extends Closeable {
    /** The next record; empty after the last. */
    Optional<CorpusRecord> next() throws IOException;

    /** A reader of nothing. */
    static RecordReader empty() {
        return new RecordReader() {
            @Override
            public Optional<CorpusRecord> next() {
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
    }
}

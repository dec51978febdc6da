package io.sparkpeft.datasets.corpus;

/** A record of a corpus file. */
public sealed interface CorpusRecord {
    /** Byte of the file at which it begins; for Parquet the number of its row. */
    long offset();

    /**
     * A record that can be used.
     *
     * @param pair the second text, empty for none
     * @param label as it is written, empty for none
     */
    record Example(long offset, String text, String pair, String label) implements CorpusRecord {}

    /**
     * A record that cannot.
     *
     * @param reason a fixed phrase that such records are counted by
     * @param detail what is wrong with this one, may be empty
     * @param raw the record or its beginning
     */
    record Malformed(long offset, String reason, String detail, String raw) implements CorpusRecord {
        private static final int RAW_CHARACTERS = 2000;

        public Malformed {
            raw = raw.length() > RAW_CHARACTERS ? raw.substring(0, RAW_CHARACTERS) : raw;
        }
    }
}

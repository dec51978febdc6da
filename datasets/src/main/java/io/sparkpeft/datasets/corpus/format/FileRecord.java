package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.RecordReader;
import java.io.IOException;
import java.util.Optional;

/** A file as one record; none if it is blank. */
final class FileRecord implements RecordReader {
    private final ByteInput input;
    private final String charset;
    private boolean read;

    FileRecord(ByteInput input, String charset) {
        this.input = input;
        this.charset = charset;
    }

    @Override
    public Optional<CorpusRecord> next() throws IOException {
        if (read) {
            return Optional.empty();
        }
        read = true;
        ByteBuilder bytes = new ByteBuilder(charset);
        for (int value = input.read(); value >= 0; value = input.read()) {
            bytes.add(value);
        }
        Optional<String> text = bytes.isTooLong() ? Optional.empty() : bytes.decode();
        if (text.isEmpty()) {
            return Optional.of(new CorpusRecord.Malformed(0, bytes.problem(), "", bytes.excerpt()));
        }
        return text.filter(value -> !value.isBlank())
                .map(value ->
                        new CorpusRecord.Example(0, value.replace("\r\n", "\n").strip(), "", ""));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}

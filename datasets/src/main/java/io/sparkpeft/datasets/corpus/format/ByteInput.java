package io.sparkpeft.datasets.corpus.format;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.corpus.CorpusFile;
import io.sparkpeft.datasets.io.PatientInput;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.CompressionInputStream;

/** Bytes of a file from some place on, decompressed, without a byte order mark. */
final class ByteInput implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final InputStream stream;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int limit;
    private long position;

    private ByteInput(InputStream stream, long position) {
        this.stream = stream;
        this.position = position;
    }

    /** @param start must be 0 for a compressed file */
    static ByteInput open(CorpusFile file, long start, Configuration configuration) throws IOException {
        Path path = new Path(file.path());
        CompressionCodec codec = new CompressionCodecFactory(configuration).getCodec(path);
        InputStream raw = PatientInput.open(path.getFileSystem(configuration), path, codec == null ? start : 0);
        try {
            if (codec != null) {
                return new ByteInput(codec.createInputStream(raw), 0).withoutMark(file.path());
            }
            ByteInput input = new ByteInput(raw, start);
            return start == 0 ? input.withoutMark(file.path()) : input;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** The next byte, −1 at the end. */
    int read() throws IOException {
        if (at == limit && !fill(0)) {
            return -1;
        }
        position++;
        return buffer[at++] & 0xff;
    }

    /** The byte that {@link #read} would give. */
    int peek() throws IOException {
        return at == limit && !fill(0) ? -1 : buffer[at] & 0xff;
    }

    /** Offset in the file of the byte that {@link #read} gives next. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private ByteInput withoutMark(String path) throws IOException {
        while (limit < 3 && fill(limit)) {
            at = 0;
        }
        at = 0;
        if (limit >= 3 && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb && buffer[2] == (byte) 0xbf) {
            at = 3;
            position = 3;
        }
        boolean bigEndian = limit >= 2 && buffer[0] == (byte) 0xfe && buffer[1] == (byte) 0xff;
        boolean littleEndian = limit >= 2 && buffer[0] == (byte) 0xff && buffer[1] == (byte) 0xfe;
        if (bigEndian || littleEndian) {
            throw DatasetException.input("Cannot read %s: it is in UTF-16; convert it to UTF-8", path);
        }
        return this;
    }

    private boolean fill(int from) throws IOException {
        int read = readStream(from);
        at = from;
        limit = Math.max(from + read, from);
        return read > 0;
    }

    private int readStream(int from) throws IOException {
        try {
            return stream.read(buffer, from, buffer.length - from);
        } catch (IOException e) {
            if (stream instanceof CompressionInputStream && e.getClass() == IOException.class) {
                // A codec's complaint about the file, not a storage's about itself.
                throw (IOException) new ZipException(e.getMessage()).initCause(e);
            }
            throw e;
        }
    }
}

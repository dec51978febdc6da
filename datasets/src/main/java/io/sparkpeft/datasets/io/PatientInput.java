package io.sparkpeft.datasets.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A file that is opened again where its connection broke, and read on from there, with the bounds of {@link Patience}. */
public final class PatientInput extends InputStream {
    private final FileSystem files;
    private final Path path;
    private FSDataInputStream stream;
    private long position;

    private PatientInput(FileSystem files, Path path, long position) {
        this.files = files;
        this.path = path;
        this.position = position;
    }

    /**
     * Opens a file, which is there: one that another machine just wrote is waited for.
     *
     * @param start offset of the first byte that is read
     */
    public static PatientInput open(FileSystem files, Path path, long start) throws IOException {
        PatientInput input = new PatientInput(files, path, start);
        Patience.with(input::connect);
        return input;
    }

    private FSDataInputStream connect() throws IOException {
        if (stream == null) {
            FSDataInputStream opened = files.open(path);
            try {
                opened.seek(position);
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
            stream = opened;
        }
        return stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int read = Patience.with(() -> readOnce(bytes, offset, length));
        position += Math.max(read, 0);
        return read;
    }

    private int readOnce(byte[] bytes, int offset, int length) throws IOException {
        try {
            return connect().read(bytes, offset, length);
        } catch (IOException e) {
            disconnect(e);
            throw e;
        }
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = Patience.with(() -> skipOnce(count));
        position += skipped;
        return skipped;
    }

    private long skipOnce(long count) throws IOException {
        try {
            return connect().skip(count);
        } catch (IOException e) {
            disconnect(e);
            throw e;
        }
    }

    private void disconnect(IOException why) {
        try {
            close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        FSDataInputStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }
}

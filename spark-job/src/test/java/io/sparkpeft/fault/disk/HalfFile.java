package io.sparkpeft.fault.disk;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.apache.hadoop.fs.FSInputStream;

/** A connection that brings so many bytes of a file and then nothing more, until the client gives up. */
final class HalfFile extends FSInputStream {
    private final byte[] bytes;
    private final int end;
    private int position;

    HalfFile(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        if (position >= end) {
            throw new SocketTimeoutException("Read timed out");
        }
        return bytes[position++] & 0xff;
    }

    @Override
    public void seek(long to) {
        position = Math.toIntExact(to);
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
        return false;
    }
}

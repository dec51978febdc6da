package io.sparkpeft.fault.disk;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** What goes wrong with {@link FaultyFileSystem} in this process. */
public abstract class DiskFault {
    /** Nothing goes wrong. */
    public static final DiskFault NONE = new DiskFault() {};

    private static volatile DiskFault current = NONE;

    /** What is asked of a file system. */
    public enum Operation {
        OPEN,
        CREATE,
        DELETE,
        LIST,
        STATUS
    }

    static DiskFault current() {
        return current;
    }

    /** Lets this go wrong from now on. */
    public static void inject(DiskFault fault) {
        current = fault;
    }

    /** Before something is done to a file or directory. */
    protected void before(Operation operation, Path path) throws IOException {}

    /** Before a file is renamed. */
    protected void renaming(Path from, Path to) throws IOException {}

    /** What is written by in place of a file's own stream. */
    protected OutputStream writing(Path path, OutputStream out) throws IOException {
        return out;
    }

    /** The time of last change, in ms since 1970, that is told in place of a file's own. */
    protected long changed(Path path, long time) {
        return time;
    }

    /** What is read by in place of a file's own stream. */
    protected FSDataInputStream reading(Path path, FSDataInputStream in) throws IOException {
        return in;
    }
}

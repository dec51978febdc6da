package io.sparkpeft.fault.disk;

import io.sparkpeft.random.CounterRandom;
import java.io.FileNotFoundException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** What storage is known to do. */
public final class DiskFaults {
    private DiskFaults() {}

    /** Something that goes wrong again and again. */
    public abstract static class Counting extends DiskFault {
        private final AtomicInteger count = new AtomicInteger();

        /** How often it went wrong. */
        public int count() {
            return count.get();
        }

        /** What it is, in words. */
        public abstract String what();

        void happened() {
            count.incrementAndGet();
        }
    }

    /** A disk that is full after so many bytes, and has space again when that was told. */
    public static final class Full extends Counting {
        private final long space;
        private final AtomicLong left;

        public Full(long space) {
            this.space = space;
            this.left = new AtomicLong(space);
        }

        @Override
        public String what() {
            return "the disk was full";
        }

        @Override
        protected OutputStream writing(Path path, OutputStream out) {
            return new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (left.addAndGet(-length) < 0 && length > 1) {
                        // The next disk is larger, so that the largest file finds its place.
                        left.set(space * (2L + count()));
                        out.write(bytes, offset, length / 2);
                        happened();
                        throw new IOException("No space left on device");
                    }
                    out.write(bytes, offset, length);
                }
            };
        }
    }

    /** The driver dies. */
    public static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A file system that renames by copying, and a driver that dies in the middle of it: once for every name. */
    public static final class HalfRename extends DiskFault {
        private final Set<String> names = ConcurrentHashMap.newKeySet();

        /** Names of the files that were left so, without the numbers and drivers' tokens in them. */
        public Set<String> names() {
            return new TreeSet<>(names);
        }

        @Override
        protected void renaming(Path from, Path to) throws IOException {
            if (names.add(to.getName().replaceAll("\\d+(-[0-9a-f]+)?", ""))) {
                byte[] bytes = Files.readAllBytes(local(from));
                Files.write(local(to), Arrays.copyOf(bytes, bytes.length / 2));
                throw new Death();
            }
        }
    }

    /** A store that does not know a file the first time it is asked for it: eventual 404. */
    public static final class Late extends Counting {
        private final Set<Path> written = ConcurrentHashMap.newKeySet();

        @Override
        public String what() {
            return "a file was not seen when it was first read (404)";
        }

        @Override
        protected void before(Operation operation, Path path) throws IOException {
            if (operation == Operation.OPEN && written.add(path)) {
                happened();
                throw new FileNotFoundException("404 Not Found: " + path);
            }
        }
    }

    /**
     * A store that says 503 at unequal distances, of so many requests in the mean. Were they equal, a driver that
     * starts over after each of them could meet the next one at the same request for ever.
     */
    public static final class Throttled extends Counting {
        private final int mean;
        private int left;

        public Throttled(int mean) {
            this.mean = mean;
            this.left = mean;
        }

        @Override
        public String what() {
            return "a request was throttled (503)";
        }

        @Override
        protected synchronized void before(Operation operation, Path path) throws IOException {
            left--;
            if (left == 0) {
                happened();
                left = 1 + (int) (CounterRandom.uniform(mean, count()) * (2 * mean - 1));
                throw new IOException("503 Slow Down");
            }
        }
    }

    /** Connections of which every so many bring half a file and then nothing, until the client gives up. */
    public static final class CutOff extends Counting {
        private final int every;
        private final AtomicInteger opened = new AtomicInteger();

        public CutOff(int every) {
            this.every = every;
        }

        @Override
        public String what() {
            return "a half-open connection brought half a file and timed out";
        }

        @Override
        protected FSDataInputStream reading(Path path, FSDataInputStream in) throws IOException {
            if (opened.incrementAndGet() % every != 0) {
                return in;
            }
            happened();
            byte[] bytes = in.readAllBytes();
            in.close();
            return new FSDataInputStream(new HalfFile(bytes, bytes.length / 2));
        }
    }

    /** A store that takes its time for everything. */
    public static final class Slow extends Counting {
        @Override
        public String what() {
            return "a request took 5 ms longer";
        }

        @Override
        protected void before(Operation operation, Path path) throws IOException {
            try {
                TimeUnit.MILLISECONDS.sleep(5);
                happened();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** A file server whose clock jumps by hours, forward and back, whenever it is asked. */
    public static final class Jumping extends Counting {
        private static final long STEP = TimeUnit.HOURS.toMillis(7);

        @Override
        public String what() {
            return "a file's time was told hours in the future or in the past";
        }

        @Override
        protected long changed(Path path, long time) {
            happened();
            return time + (count() % 5 - 2) * STEP;
        }
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }
}

package io.sparkpeft.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.disk.DiskFault;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    @TempDir
    Path folder;

    private Storage storage(String uri) {
        return Storage.at(uri, new Configuration());
    }

    @Test
    void replacesFilesAndLeavesNothingElse() throws Exception {
        Storage storage = storage(folder.toString());
        storage.replace("a/b.txt", "one");
        storage.replace("a/b.txt", "two");

        assertThat(storage.readText("a/b.txt")).isEqualTo("two");
        assertThat(storage.directory("a").list()).containsExactly("b.txt");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void listsNothingWhereThereIsNothing() {
        assertThat(storage(folder + "/none").list()).isEmpty();
        storage(folder.toString()).delete("none");
    }

    /** A connection that brings too few bytes and no error, as one does whose length was lost on the way. */
    @Test
    void takesNoPartOfAFileForTheWhole() throws Exception {
        byte[] whole = {1, 2, 3, 4, 5};
        Files.write(folder.resolve("x"), whole);
        AtomicInteger opened = new AtomicInteger();
        DiskFault.inject(new DiskFault() {
            @Override
            protected FSDataInputStream reading(org.apache.hadoop.fs.Path path, FSDataInputStream in)
                    throws IOException {
                in.seek(opened.getAndIncrement() == 0 ? 2 : 0);
                return in;
            }
        });
        try {
            Configuration configuration = new Configuration();
            FaultyFileSystem.register(configuration);
            assertThat(Storage.at(FaultyFileSystem.uri(folder), configuration).read("x"))
                    .isEqualTo(whole);
        } finally {
            DiskFault.inject(DiskFault.NONE);
        }
        assertThat(opened).hasValue(2);
    }

    /** Writing breaks off in the middle, once: what was written until then must not be in the file twice. */
    @Test
    void writesALargeFileAgainFromItsStart() throws Exception {
        byte[] whole = new byte[3 << 20];
        new Random(1).nextBytes(whole);
        Files.createDirectories(folder.resolve("from"));
        Files.write(folder.resolve("from/x"), whole);
        AtomicInteger broken = new AtomicInteger();
        DiskFault.inject(new DiskFault() {
            @Override
            protected OutputStream writing(org.apache.hadoop.fs.Path path, OutputStream out) {
                return new BreaksOff(out, whole.length / 2, broken);
            }
        });
        try {
            Configuration configuration = new Configuration();
            FaultyFileSystem.register(configuration);
            Storage target = Storage.at(FaultyFileSystem.uri(folder), configuration);
            target.stream("y", out -> out.write(whole));
            assertThat(broken).hasValue(1);
            assertThat(folder.resolve("y")).hasBinaryContent(whole);

            broken.set(0);
            storage(folder.resolve("from").toString()).copy("x", target);
            assertThat(broken).hasValue(1);
            assertThat(folder.resolve("x")).hasBinaryContent(whole);
        } finally {
            DiskFault.inject(DiskFault.NONE);
        }
    }

    @Test
    void copiesNoFileThatIsNotThere() {
        assertThatThrownBy(() -> storage(folder.toString()).copy("x", storage(folder + "/to")))
                .hasMessage("Cannot read file:" + folder + "/x: there is no such file");
    }

    /** A connection that breaks after so many bytes, unless one has broken already. */
    private static final class BreaksOff extends FilterOutputStream {
        private final AtomicInteger broken;
        private int left;

        BreaksOff(OutputStream out, int bytes, AtomicInteger broken) {
            super(out);
            this.left = bytes;
            this.broken = broken;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            left -= length;
            if (left < 0 && broken.compareAndSet(0, 1)) {
                out.write(bytes, offset, length / 2);
                throw new IOException("Connection reset");
            }
            out.write(bytes, offset, length);
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> storage(folder.toString()).read("x"))
                .hasMessage("Cannot read file:" + folder + "/x: there is no such file")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.INPUT);
        assertThatThrownBy(() -> storage("nosuch://host/x"))
                .hasMessage("Cannot open nosuch://host/x: No FileSystem for scheme \"nosuch\"")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
        assertThatThrownBy(() -> storage(":x")).hasMessageStartingWith("Invalid path: :x");
    }
}

package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.fault.disk.DiskFault;
import io.sparkpeft.fault.disk.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
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

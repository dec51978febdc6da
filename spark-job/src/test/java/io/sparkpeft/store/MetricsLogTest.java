package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    @TempDir
    Path folder;

    private MetricsLog log() {
        Storage storage = Storage.at(folder.toString(), new Configuration());
        return new MetricsLog(storage, DriverFence.take(storage, "test"));
    }

    @Test
    void aRoundThatIsDoneAgainIsThereOnce() throws IOException {
        MetricsLog log = log();
        log.put("round-1", Map.of("loss", 2.0));
        log.put("round-2", Map.of("loss", 1.0));
        log.flush();

        MetricsLog resumed = log();
        resumed.put("round-2", Map.of("loss", 1.0));
        resumed.put("round-3", Map.of("loss", 0.5));
        resumed.flush();

        assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
                .containsExactly(
                        "{\"id\":\"round-1\",\"loss\":2.0}",
                        "{\"id\":\"round-2\",\"loss\":1.0}",
                        "{\"id\":\"round-3\",\"loss\":0.5}");
        assertThatThrownBy(log::flush).hasMessageContaining("another driver has taken it over");
    }

    @Test
    void aLineThatIsDamagedIsLeftOutUnlessTheFileWrittenAsideHasIt() throws IOException {
        Files.writeString(folder.resolve("metrics.jsonl"), "{\"id\":\"a\"}\n{\"id\":");
        assertThat(log().rows()).containsExactly(Map.of("id", "a"));

        Files.writeString(folder.resolve(".metrics.jsonl.tmp"), "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
        assertThat(log().rows()).containsExactly(Map.of("id", "a"), Map.of("id", "b"));
        Files.delete(folder.resolve("metrics.jsonl"));
        assertThat(log().rows()).containsExactly(Map.of("id", "a"), Map.of("id", "b"));
    }
}

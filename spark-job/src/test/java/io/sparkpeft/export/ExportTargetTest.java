package io.sparkpeft.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTargetTest {
    @TempDir
    Path folder;

    private ExportTarget target(String adapter) {
        return ExportTarget.of(Storage.at(folder.toString(), new Configuration()), "model", adapter);
    }

    private void fail() {
        target("a").write(files -> {
            files.replace("model.safetensors", "half");
            throw new JobException(FailureKind.RETRYABLE, "the storage is gone");
        });
    }

    @Test
    void theSameExportMayBeDoneAgainWhereItFailed() {
        assertThatThrownBy(this::fail).hasMessage("the storage is gone");
        assertThatThrownBy(() -> target("b")).hasMessageEndingWith(": it is not empty");

        target("a").write(files -> files.replace("model.safetensors", "whole"));
        assertThat(folder).isDirectoryNotContaining("glob:**" + ExportTarget.UNFINISHED);
        assertThat(folder.resolve("model.safetensors")).hasContent("whole");
        assertThatThrownBy(() -> target("a")).hasMessageEndingWith(": it is not empty");
    }
}

package io.sparkpeft.datasets.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.datasets.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths lead to the files that they mean, or to one clear sentence. */
class CorpusFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        for (String name : List.of("b.tsv", "a.tsv", "deep/er/c.tsv", "_SUCCESS", ".hidden.tsv", "other/x.csv")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "text\nx\n");
        }
    }

    @Test
    void filesComeSortedAndOnceWhateverThePathsSay() {
        assertThat(names(folder.toString(), folder + "/*.tsv", folder + "/deep"))
                .isEqualTo(names(folder + "/deep", folder + "/b.tsv", folder + "/a.tsv", folder + "/other/"));
        assertThat(names(folder + "/*.tsv")).containsExactly("a.tsv", "b.tsv");
        assertThat(names(folder + "/{b,a}.tsv", folder + "/deep")).containsExactly("a.tsv", "b.tsv", "c.tsv");
        assertThat(names(folder.toUri() + "deep")).containsExactly("c.tsv");
    }

    @Test
    void hiddenFilesInDirectoriesAreLeftOut() {
        assertThat(names(folder.toString())).containsExactly("a.tsv", "b.tsv", "c.tsv", "x.csv");
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        assertFails(CorpusSpec.of(folder + "/none.tsv"), DatasetException.Kind.INPUT, "no such file or directory");
        assertFails(CorpusSpec.of(folder + "/*.json"), DatasetException.Kind.INPUT, "no file matches");
        Files.createDirectory(folder.resolve("empty"));
        assertFails(CorpusSpec.of(folder + "/empty"), DatasetException.Kind.INPUT, "there are no files in it");
        assertFails(CorpusSpec.of("nowhere://x/y"), DatasetException.Kind.INPUT, "Cannot read nowhere://x/y: ");
    }

    @Test
    void aFormatMustBeKnownAndOne() throws IOException {
        Files.writeString(folder.resolve("deep/README"), "?");
        assertFails(CorpusSpec.of(folder + "/deep"), DatasetException.Kind.CONFIG, "Cannot tell the format of");
        assertFails(
                CorpusSpec.of(folder + "/a.tsv", folder + "/other"),
                DatasetException.Kind.CONFIG,
                "Cannot read one corpus in two formats: ");
        assertThat(CorpusFormat.ofFile("x.jsonl.gz")).contains(CorpusFormat.JSONL);
    }

    private static void assertFails(CorpusSpec spec, DatasetException.Kind kind, String message) {
        assertThatThrownBy(() -> CorpusFiles.list(spec, new Configuration()))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((DatasetException) e).kind())
                .isEqualTo(kind);
    }

    private static List<String> names(String... paths) {
        CorpusSpec spec = CorpusSpec.of(paths).withFormat(CorpusFormat.TSV);
        return CorpusFiles.list(spec, new Configuration()).stream()
                .map(file -> file.path().substring(file.path().lastIndexOf('/') + 1))
                .toList();
    }
}

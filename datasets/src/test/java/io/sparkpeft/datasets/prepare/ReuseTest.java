package io.sparkpeft.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.TestSpark;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepared data is used again exactly when it is whole and nothing has changed. */
class ReuseTest {
    @TempDir
    Path folder;

    private CorpusSpec corpus;
    private PreparedData first;

    @BeforeEach
    void prepareOnce() {
        corpus = Preparations.table(folder, "a.tsv", 40, Preparations::row);
        first = run(2, corpus);
        assertThat(first.reused()).isFalse();
    }

    @Test
    void unchangedDataIsReused() {
        PreparedData again = run(2, corpus);
        assertThat(again.reused()).isTrue();
        assertThat(again.manifest()).isEqualTo(first.manifest());
        assertThat(PreparedData.open(new Configuration(), first.directory()).manifest())
                .isEqualTo(first.manifest());
    }

    @Test
    void changedFilesOrSettingsAreNot() throws IOException {
        assertThat(run(3, corpus).reused()).isFalse();
        assertThat(run(2, corpus.withLimit(20)).reused()).isFalse();
        assertThat(run(2, corpus.withLimit(20)).reused()).isTrue();
        Files.setLastModifiedTime(folder.resolve("a.tsv"), FileTime.fromMillis(1_000_000_000_000L));
        assertThat(run(2, corpus.withLimit(20)).reused()).isFalse();
        Files.writeString(folder.resolve("a.tsv"), "label\ttext\na\tother\n");
        assertThat(run(2, corpus.withLimit(20)).manifest().split("train").examples())
                .isEqualTo(1);
    }

    @Test
    void shardsOfAnEarlierPreparationDoNotStay() {
        assertThat(run(5, corpus).reused()).isFalse();
        run(2, corpus);
        assertThat(Preparations.hashes(out(), "train")).hasSize(2);
    }

    @Test
    void halfWrittenDataIsNeverTakenForWhole() throws IOException {
        Files.delete(out().resolve("train/shard=00001/part.parquet"));
        assertThat(run(2, corpus).reused()).isFalse();
        Files.delete(out().resolve("manifest.json"));
        assertThatThrownBy(() -> PreparedData.open(new Configuration(), out().toUri()))
                .isInstanceOf(DatasetException.class)
                .hasMessageEndingWith("manifest.json does not exist");
        assertThat(run(2, corpus).reused()).isFalse();
        Files.writeString(out().resolve("manifest.json"), "{ \"schemaVersion\"");
        assertThat(run(2, corpus).reused()).isFalse();
        assertThat(run(2, corpus).reused()).isTrue();
    }

    @Test
    void aShardOfAnotherPreparationIsRefused() throws IOException {
        byte[] foreign = Files.readAllBytes(out().resolve("train/shard=00000/part.parquet"));
        Path shard = out().resolve("train/shard=00001/part.parquet");
        assertThat(Files.readAllBytes(shard)).isNotEqualTo(foreign);
        Files.write(shard, foreign);
        Files.deleteIfExists(shard.resolveSibling(".part.parquet.crc"));
        assertThatThrownBy(() -> first.read(new Configuration(), "train", 1))
                .isInstanceOf(DatasetException.class)
                .hasMessageMatching("Cannot use shard 1 of split 'train' in .*; prepare the data again");
        assertThatThrownBy(() -> first.read(new Configuration(), "test", 1))
                .hasMessage("Cannot find split 'test': the prepared data has [train]");
    }

    @Test
    void filesThatAreNotOursAreLeftAlone() throws IOException {
        Files.writeString(out().resolve("mine.txt"), "keep");
        run(5, corpus);
        assertThat(out().resolve("mine.txt")).hasContent("keep");
        try (var files = Files.walk(out())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(".part.parquet.") && !name.endsWith(".crc"));
        }
    }

    @Test
    void sharedPreparationsOfOtherContentsLieSideBySide() {
        PreparedData two = runShared(2);
        Map<Long, String> examples = Preparations.examples(two, "train");
        PreparedData five = runShared(5);

        assertThat(two.directory())
                .hasToString(cache() + "-" + two.manifest().digest().substring(0, 16));
        assertThat(five.directory()).isNotEqualTo(two.directory());
        assertThat(Preparations.examples(two, "train")).isEqualTo(examples);
        assertThat(runShared(2).reused()).isTrue();
        assertThat(PrepareShards.find(new Configuration(), shared(5))).isPresent();
    }

    @Test
    void aTwinThatPreparesTheSameTakesNoShardAway() throws IOException {
        PreparedData data = runShared(2);
        Path directory = Path.of(data.directory());
        Path shard = directory.resolve("train/shard=00000/part.parquet");
        Object written = Files.readAttributes(shard, BasicFileAttributes.class).fileKey();
        // As a twin finds it that looks before the manifest is there.
        Files.delete(directory.resolve("manifest.json"));
        Files.delete(directory.resolve("train/shard=00001/part.parquet"));

        PreparedData again = runShared(2);
        assertThat(again.reused()).isFalse();
        assertThat(again.manifest()).isEqualTo(data.manifest());
        assertThat(Files.readAttributes(shard, BasicFileAttributes.class).fileKey())
                .isEqualTo(written);
        assertThat(Preparations.examples(again, "train")).hasSize(40);
    }

    private PreparedData runShared(int shards) {
        return PrepareShards.run(TestSpark.session(), shared(shards));
    }

    private PrepareSpec shared(int shards) {
        PrepareSpec spec = Preparations.classification(out(), shards, SplitSource.of("train", corpus));
        return new PrepareSpec(
                spec.sources(),
                cache(),
                true,
                spec.tokenizer(),
                spec.objective(),
                spec.maxLength(),
                spec.longText(),
                spec.labelNames(),
                spec.shards(),
                spec.seed(),
                spec.quarantineShare());
    }

    private URI cache() {
        return URI.create(folder.toUri() + "cache/task");
    }

    private PreparedData run(int shards, CorpusSpec spec) {
        return PrepareShards.run(
                TestSpark.session(), Preparations.classification(out(), shards, SplitSource.of("train", spec)));
    }

    private Path out() {
        return folder.resolve("out");
    }
}

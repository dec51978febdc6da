package io.sparkpeft.datasets.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.TokenizerFiles;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample world is the same everywhere, small, and what it says it is. */
class SampleWorldTest {
    private static final Map<String, String> WORLD = SampleWorld.files(1);

    @TempDir
    Path folder;

    @Test
    void dependsOnTheSeedOnly() {
        assertThat(SampleWorld.files(1)).isEqualTo(WORLD);
        assertThat(SampleWorld.files(2).get("general.jsonl")).isNotEqualTo(WORLD.get("general.jsonl"));
    }

    @Test
    void staysUnderOneMegabyte() {
        assertThat(WORLD.values().stream().mapToInt(String::length).sum()).isLessThan(1_000_000);
    }

    @Test
    void writesWhatItMakes() throws IOException {
        SampleWorld.write(new Configuration(), new org.apache.hadoop.fs.Path(folder.toUri()), 1);
        for (Map.Entry<String, String> file : WORLD.entrySet()) {
            assertThat(Files.readString(folder.resolve(file.getKey()))).isEqualTo(file.getValue());
        }
    }

    @Test
    void tellsARecipeThatReadsItFromOneThatReadsOtherFiles() {
        Set<String> read = WORLD.keySet().stream()
                .map(file -> file.startsWith("model/") ? "model" : file)
                .collect(Collectors.toSet());
        assertThat(SampleWorld.LAYOUT.entries()).isEqualTo(read);
        List<String> paths = read.stream().map(entry -> "hdfs:/a/b/" + entry).toList();

        assertThat(SampleWorld.LAYOUT.directoryOf(paths)).contains("hdfs:/a/b");
        assertThat(SampleWorld.LAYOUT.directoryOf(List.of("a/model", "b/general.jsonl")))
                .isEmpty();
        assertThat(SampleWorld.LAYOUT.directoryOf(List.of("a/model", "a/task-a/mine.tsv")))
                .isEmpty();
        assertThat(SampleWorld.LAYOUT.directoryOf(List.of("a/my-model"))).isEmpty();
    }

    @Test
    void holdsAsManyExamplesAsItSays() {
        assertThat(lines("general.jsonl")).hasSize(4000);
        assertThat(lines("heldout.jsonl")).hasSize(400);
        for (String task : List.of("task-a", "task-b")) {
            assertThat(lines(task + "/train.tsv")).hasSize(2001);
            assertThat(lines(task + "/dev.tsv")).hasSize(501);
            assertThat(lines(task + "/test.tsv")).hasSize(501);
        }
    }

    @Test
    void neverShowsATestTextInTraining() {
        for (String task : List.of("task-a", "task-b")) {
            List<String> texts = Stream.of("train", "dev", "test")
                    .flatMap(
                            split -> lines(task + "/" + split + ".tsv").stream().skip(1))
                    .map(line -> line.substring(line.indexOf('\t')))
                    .toList();
            assertThat(texts).doesNotHaveDuplicates();
        }
        assertThat(Stream.concat(lines("general.jsonl").stream(), lines("heldout.jsonl").stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void drawsClassesEvenly() {
        assertThat(shares("task-a/train.tsv")).hasSize(2).allSatisfy((label, share) -> assertThat(share)
                .isBetween(0.45, 0.55));
        assertThat(shares("task-b/train.tsv")).hasSize(4).allSatisfy((label, share) -> assertThat(share)
                .isBetween(0.21, 0.29));
    }

    @Test
    void readsEveryWordWithItsOwnTokenizer() {
        Map<String, byte[]> contents = new HashMap<>();
        WORLD.forEach((name, text) -> contents.put(name.replace("model/", ""), text.getBytes(StandardCharsets.UTF_8)));
        try (Tokenizer tokenizer = Tokenizers.load(new TokenizerFiles(contents))) {
            assertThat(tokenizer.vocabularySize()).isBetween(150, 600);
            assertThat(tokenizer.maskTokenId()).isPresent();
            int unknown = tokenizer.unknownTokenId().getAsInt();
            String story = lines("general.jsonl").get(0).replaceAll(".*: ?\"(.*)\"}", "$1");
            int[] tokens = tokenizer.encode(story, 64).ids();
            assertThat(tokens).hasSize(story.split(" ").length + 1).doesNotContain(unknown);
            assertThat(tokens[0]).isEqualTo(tokenizer.beginTokenId().getAsInt());
            assertThat(tokenizer.decode(tokens).strip()).isEqualTo(story);
            assertThat(tokenizer.encode("Xylophone", 64).ids()).contains(unknown);
        }
    }

    private static List<String> lines(String file) {
        return Arrays.asList(WORLD.get(file).split("\n"));
    }

    private static Map<String, Double> shares(String file) {
        List<String> rows = lines(file);
        return rows.stream()
                .skip(1)
                .collect(Collectors.groupingBy(
                        line -> line.substring(0, line.indexOf('\t')),
                        Collectors.summingDouble(line -> 1.0 / (rows.size() - 1))));
    }
}

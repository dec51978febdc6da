package io.sparkpeft.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.DatasetException.Kind;
import io.sparkpeft.datasets.TestSpark;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is set aside and counted, or refused in one sentence. */
class PrepareFailuresTest {
    @TempDir
    Path folder;

    @Test
    void malformedRowsUpToTheShareAreQuarantined() throws IOException {
        CorpusSpec corpus = Preparations.table(
                folder, "a.tsv", 200, i -> i == 7 ? "a" : i == 150 ? "\tno label" : Preparations.row(i));
        PreparedData data = run(Preparations.classification(out(), 2, SplitSource.of("train", corpus)));
        assertThat(data.manifest().split("train").examples()).isEqualTo(198);
        assertThat(data.manifest().sources().get(0).records()).isEqualTo(200);
        assertThat(data.manifest().sources().get(0).quarantined())
                .isEqualTo(Map.of("wrong number of columns", 1L, "missing label", 1L));
        List<String> lines = Files.readAllLines(out().resolve("quarantine/source-0.jsonl"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("{\"record\":7,\"file\":\"file:")
                .endsWith("\"reason\":\"wrong number of columns\",\"detail\":\"1 instead of 2\",\"raw\":\"a\"}");
        assertThat(lines.get(1)).contains("\"record\":150", "missing label", "no label");
    }

    @Test
    void moreThanTheShareIsRefusedAndCanBeInspected() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 100, i -> i % 10 == 3 ? "a\t " : Preparations.row(i));
        assertFails(
                Preparations.classification(out(), 2, SplitSource.of("train", corpus)),
                Kind.INPUT,
                "Cannot use \\[file:.*/a.tsv\\]: 10 of 100 records \\(10.00 %\\) are malformed and 1.00 % are allowed"
                        + " \\(10 empty text\\); the first is record 3 in file:.*/a.tsv: empty text; all are in"
                        + " file:.*/out/quarantine/source-0.jsonl");
        assertThat(out().resolve("quarantine/source-0.jsonl")).exists();
        assertThat(out().resolve("manifest.json")).doesNotExist();
    }

    @Test
    void labelsUnseenInTrainingAreMalformed() throws IOException {
        CorpusSpec train = Preparations.table(folder, "a.tsv", 30, Preparations::row);
        CorpusSpec dev = Preparations.table(folder, "b.tsv", 200, i -> i == 5 ? "z\tnew" : Preparations.row(i));
        PreparedData data =
                run(Preparations.classification(out(), 2, SplitSource.of("train", train), SplitSource.of("dev", dev)));
        assertThat(data.manifest().split("dev").examples()).isEqualTo(199);
        assertThat(data.manifest().sources().get(1).quarantined()).isEqualTo(Map.of("label unseen in training", 1L));
        assertThat(Files.readAllLines(out().resolve("quarantine/source-1.jsonl")))
                .singleElement()
                .asString()
                .contains("\"record\":5", "\"reason\":\"label unseen in training\",\"detail\":\"z\"");
        assertThat(Preparations.examples(data, "dev").keySet()).doesNotContain(5L);
    }

    @Test
    void emptySplitsAreRefused() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 5, i -> "a\tx");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", corpus.withMinTokens(9))),
                Kind.INPUT,
                "Cannot use split 'train' of \\[file:.*a.tsv\\]: it has no examples \\(5 records read, 0 malformed, 5"
                        + " shorter than 9 tokens\\)");
        CorpusSpec empty = Preparations.file(folder.resolve("empty.txt"), "\n\n");
        assertFails(
                Preparations.language(out(), 32, LongText.SPLIT, SplitSource.of("train", empty)),
                Kind.INPUT,
                "Cannot use split 'train' of .*: it has no examples \\(0 records read, .*");
    }

    @Test
    void whatIsMissingIsNamedBeforeAnyWork() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 5, Preparations::row);
        assertFails(
                Preparations.classification(
                        out(), 1, SplitSource.of("train", corpus.withColumns("words", "", "label"))),
                Kind.INPUT,
                "Cannot find column 'words' in file:.*/a.tsv: its columns are \\[label, text\\]");
        CorpusSpec json = Preparations.file(folder.resolve("a.jsonl"), "{\"a\":1,\"b\":2}\n");
        assertFails(
                Preparations.language(out(), 32, LongText.SPLIT, SplitSource.of("train", json)),
                Kind.INPUT,
                "Cannot find column 'text' in file:.*/a.jsonl: its columns are \\[a, b\\]");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", Preparations.LABELLED)),
                Kind.INPUT,
                "Cannot read none: no such file or directory");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aLaterFileWithOtherColumnsIsFoundByTheTasks() {
        Preparations.table(folder.resolve("in"), "a.tsv", 5, Preparations::row);
        Preparations.file(folder.resolve("in/b.tsv"), "x\ty\n1\t2\n");
        CorpusSpec both = CorpusSpec.of(folder.resolve("in").toString()).withColumns("text", "", "label");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", both)),
                Kind.INPUT,
                "Cannot find column 'text' in file:.*/b.tsv: its columns are \\[x, y\\]");
    }

    @Test
    void whatMakesNoSenseIsAConfigurationError() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 5, Preparations::row);
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", corpus.withColumns("text", "", ""))),
                Kind.CONFIG,
                "Cannot train a classifier on .*: no column is named for the label");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("dev", corpus)),
                Kind.CONFIG,
                "Cannot name the labels: there are no label names and no split 'train' to take them from");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", corpus.withMinTokens(33))),
                Kind.CONFIG,
                "Cannot use .*: its texts need 33 tokens at least and the model reads 32 at most");
        CorpusSpec text = Preparations.file(folder.resolve("a.txt"), "x\n").withColumns("", "", "label");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", text.withColumns("text", "", "label"))),
                Kind.CONFIG,
                "Cannot take column 'label' from file:.*/a.txt: plain text has no columns");
        assertFails(
                Preparations.classification(out(), 1, SplitSource.of("train", corpus.withColumns("", "", "label"))),
                Kind.CONFIG,
                "Cannot read file:.*/a.tsv: no column is named for the text");
        assertThatThrownBy(() -> Preparations.classification(
                        out(), 1, SplitSource.of("train", corpus), SplitSource.of("train", corpus)))
                .hasMessageStartingWith("Invalid preparation: split 'train' is given twice");
        assertThatThrownBy(() -> SplitRule.hash(Map.of("a", 0.5)))
                .hasMessageEndingWith("sum to 0.5; they must be above 0 and sum to 1");
        assertThatThrownBy(() -> SplitRule.all("../x")).hasMessage("Invalid split name: '../x'");
    }

    private void assertFails(PrepareSpec spec, Kind kind, String message) {
        assertThatThrownBy(() -> run(spec))
                .isInstanceOf(DatasetException.class)
                .hasMessageMatching(message)
                .extracting(e -> ((DatasetException) e).kind())
                .isEqualTo(kind);
    }

    private Path out() {
        return folder.resolve("out");
    }

    private static PreparedData run(PrepareSpec spec) {
        return PrepareShards.run(TestSpark.session(), spec);
    }
}

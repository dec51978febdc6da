package io.sparkpeft.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.SharedData;
import io.sparkpeft.datasets.TestSpark;
import io.sparkpeft.datasets.TestTokenizers;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.corpus.TextUnit;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.model.Objective;
import io.sparkpeft.tokenizer.TokenizerFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corpora that people made, with all that is in them. */
class RealCorporaIT {
    private static final String STORIES_MODEL = "models/tinystories-656k";

    @TempDir
    Path folder;

    @Test
    void readsSst2AsItIs() {
        PreparedData data = classification("tasks/sst2", "tsv", "sentence", "label", "train", "dev", "test");
        assertThat(data.manifest().labelNames()).containsExactly("0", "1");
        assertThat(data.manifest().split("train").examples()).isEqualTo(6920);
        assertThat(data.manifest().split("dev").examples()).isEqualTo(872);
        assertThat(data.manifest().split("test").examples()).isEqualTo(1821);
        assertThat(data.manifest().split("train").labelCounts()).containsExactly(3310L, 3610L);
        assertThat(data.manifest().sources()).allMatch(source -> source.malformed() == 0);
    }

    @Test
    void readsTrecAsItIs() {
        PreparedData data = classification("tasks/trec", "tsv", "sentence", "label", "train", "test");
        assertThat(data.manifest().labelNames()).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(data.manifest().split("train").examples()).isEqualTo(5452);
        assertThat(data.manifest().split("test").examples()).isEqualTo(500);
    }

    @Test
    void readsBanking77WithItsLineBreaksInsideQuotes() {
        PreparedData data = classification("tasks/banking77", "csv", "text", "category", "train", "test");
        assertThat(data.manifest().labelNames()).hasSize(77).isSorted();
        assertThat(data.manifest().split("train").examples()).isEqualTo(10003);
        assertThat(data.manifest().split("test").examples()).isEqualTo(3080);
        assertThat(data.manifest().split("test").labelCounts()).containsOnly(40L);
    }

    @Test
    void readsAllStories() {
        CorpusSpec stories = CorpusSpec.of(
                SharedData.require("corpora/tinystories/stories.jsonl").toString());
        SplitSummary split = language(SplitSource.of("all", stories), "all", LongText.TRUNCATE);
        assertThat(split.examples()).isEqualTo(1158);
        assertThat(split.longest()).isLessThanOrEqualTo(512);
        assertThat(split.truncated()).isPositive();
    }

    @Test
    void splitsLongStoriesWithoutLosingTokens() {
        CorpusSpec stories = CorpusSpec.of(
                SharedData.require("corpora/tinystories/stories.jsonl").toString());
        SplitSummary cut = language(SplitSource.of("all", stories), "all", LongText.TRUNCATE);
        SplitSummary split = language(SplitSource.of("all", stories), "all", LongText.SPLIT);
        assertThat(split.truncated()).isZero();
        assertThat(split.tokens()).isGreaterThan(cut.tokens());
        assertThat(split.examples()).isGreaterThan(1158);
    }

    @Test
    void readsParagraphsOfShakespeareAndHoldsOutTheLastTenth() {
        CorpusSpec plays = CorpusSpec.of(
                        SharedData.require("corpora/tinyshakespeare/input.txt").toString())
                .withUnit(TextUnit.PARAGRAPH)
                .withMinTokens(9);
        SplitSource source = new SplitSource(plays, SplitRule.tail("train", "dev", 0.1));
        SplitSummary train = language(source, "train", LongText.TRUNCATE);
        assertThat(train.examples()).isEqualTo(6473);
    }

    private PreparedData classification(String task, String extension, String text, String label, String... splits) {
        TokenizerFiles tokenizer = TestTokenizers.shared("tokenizers/bert-base-uncased");
        List<SplitSource> sources = List.of(splits).stream()
                .map(split -> SplitSource.of(
                        split,
                        CorpusSpec.of(SharedData.require(task + "/" + split + "." + extension)
                                        .toString())
                                .withColumns(text, "", label)))
                .toList();
        return PrepareShards.run(
                TestSpark.session(),
                PrepareSpec.of(
                        sources, folder.resolve(task).toUri(), tokenizer, Objective.SEQUENCE_CLASSIFICATION, 128, 4));
    }

    private SplitSummary language(SplitSource source, String split, LongText longText) {
        TokenizerFiles tokenizer = TestTokenizers.shared(STORIES_MODEL);
        PrepareSpec spec = new PrepareSpec(
                List.of(source),
                folder.resolve("lm").toUri(),
                false,
                tokenizer,
                Objective.CAUSAL_LM,
                512,
                longText,
                List.of(),
                1,
                0,
                0);
        return PrepareShards.run(TestSpark.session(), spec).manifest().split(split);
    }
}

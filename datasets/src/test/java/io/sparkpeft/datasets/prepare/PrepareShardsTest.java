package io.sparkpeft.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.TestSpark;
import io.sparkpeft.datasets.TestTokenizers;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.prepare.plan.LongText;
import io.sparkpeft.datasets.prepare.plan.PrepareSpec;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import io.sparkpeft.datasets.shard.SplitSummary;
import io.sparkpeft.datasets.shard.TokenShard;
import io.sparkpeft.tokenizer.Tokenizer;
import io.sparkpeft.tokenizer.huggingface.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What prepared shards hold. */
class PrepareShardsTest {
    @TempDir
    Path folder;

    @Test
    void everyExampleIsInOneShardAndShardsChangeNoExample() {
        SplitSource source = SplitSource.of("train", Preparations.table(folder, "a.tsv", 100, Preparations::row));
        PreparedData one = run(Preparations.classification(folder.resolve("one"), 1, source));
        PreparedData five = run(Preparations.classification(folder.resolve("five"), 5, source));
        Map<Long, String> examples = Preparations.examples(one, "train");
        assertThat(examples.keySet())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> (long) i).toList());
        assertThat(Preparations.examples(five, "train")).isEqualTo(examples);
        assertThat(five.manifest().split("train").shards()).allMatch(shard -> shard.examples() > 5);
        assertThat(five.manifest().split("train").tokens())
                .isEqualTo(one.manifest().split("train").tokens());
        assertThat(one.manifest().labelNames()).containsExactly("a", "b", "c");
        assertThat(one.manifest().split("train").labelCounts()).containsExactly(34L, 33L, 33L);
    }

    @Test
    void tokensAreThoseOfTheTokenizer() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 10, Preparations::row);
        TokenShard shard = run(Preparations.classification(folder.resolve("out"), 1, SplitSource.of("train", corpus)))
                .read(new Configuration(), "train", 0);
        try (Tokenizer tokenizer = Tokenizers.load(TestTokenizers.letters())) {
            for (int e = 0; e < 10; e++) {
                String text = Preparations.row(e).substring(2);
                assertThat(shard.tokens(e)).isEqualTo(tokenizer.encode(text, 32).ids());
                assertThat(shard.label(e)).isEqualTo(e % 3);
            }
        }
    }

    @Test
    void orderIsThatOfPathsThenPlaces() {
        Preparations.table(folder.resolve("many"), "b.tsv", 3, i -> "a\tb" + i);
        Preparations.table(folder.resolve("many"), "a.tsv", 3, i -> "a\ta" + i);
        CorpusSpec corpus = CorpusSpec.of(folder.resolve("many").toString()).withColumns("text", "", "label");
        CorpusSpec sorted = Preparations.table(folder, "c.tsv", 6, i -> "a\t" + (i < 3 ? "a" + i : "b" + (i - 3)));
        PreparedData many = run(Preparations.classification(folder.resolve("x"), 2, SplitSource.of("train", corpus)));
        PreparedData one = run(Preparations.classification(folder.resolve("y"), 2, SplitSource.of("train", sorted)));
        assertThat(Preparations.examples(many, "train")).isEqualTo(Preparations.examples(one, "train"));
    }

    @Test
    void theTailIsHeldOutInOrder() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 50, Preparations::row);
        PreparedData data = run(Preparations.classification(
                folder.resolve("out"), 2, new SplitSource(corpus, SplitRule.tail("train", "dev", 0.1))));
        assertThat(Preparations.examples(data, "train").keySet()).hasSize(45).allMatch(ordinal -> ordinal < 45);
        assertThat(Preparations.examples(data, "dev").keySet()).hasSize(5).allMatch(ordinal -> ordinal >= 45);
    }

    @Test
    void hashedSplitsAreDisjointExhaustiveSeededAndKeepEqualTextsTogether() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 600, i -> Preparations.row(i % 300));
        Map<String, Double> shares = new java.util.LinkedHashMap<>();
        shares.put("train", 0.7);
        shares.put("dev", 0.2);
        shares.put("test", 0.1);
        PreparedData data = run(
                Preparations.classification(folder.resolve("out"), 2, new SplitSource(corpus, SplitRule.hash(shares))));
        Set<Long> ordinals = new HashSet<>();
        List<Set<String>> texts = new ArrayList<>();
        for (String split : shares.keySet()) {
            Map<Long, String> examples = Preparations.examples(data, split);
            assertThat(examples.size() / 600.0).isBetween(shares.get(split) - 0.06, shares.get(split) + 0.06);
            examples.keySet()
                    .forEach(ordinal -> assertThat(ordinals.add(ordinal)).isTrue());
            texts.add(new HashSet<>(examples.values()));
        }
        assertThat(ordinals).hasSize(600);
        assertThat(texts.get(0)).doesNotContainAnyElementsOf(texts.get(1)).doesNotContainAnyElementsOf(texts.get(2));
        assertThat(texts.get(1)).doesNotContainAnyElementsOf(texts.get(2));
    }

    @Test
    void numericLabelsAreSortedByValueAndGivenNamesKeepTheirOrder() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 12, i -> (i * 5 % 12 - 1) + "\tx" + i);
        PrepareSpec spec = Preparations.classification(folder.resolve("out"), 2, SplitSource.of("train", corpus));
        assertThat(run(spec).manifest().labelNames())
                .isEqualTo(IntStream.range(-1, 11).mapToObj(Integer::toString).toList());
        CorpusSpec named = Preparations.table(folder, "b.tsv", 4, i -> (i % 2 == 0 ? "yes" : "no") + "\tx" + i);
        PrepareSpec base = Preparations.classification(folder.resolve("out2"), 1, SplitSource.of("score", named));
        PrepareSpec given = withLabels(base, List.of("yes", "no", "perhaps"));
        assertThat(run(given).manifest().split("score").labelCounts()).containsExactly(2L, 2L, 0L);
    }

    @Test
    void longTextsAreTruncatedAndCounted() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 6, i -> "a\t" + "x ".repeat(20 + 4 * i));
        SplitSummary split = run(Preparations.classification(folder.resolve("out"), 2, SplitSource.of("train", corpus)))
                .manifest()
                .split("train");
        assertThat(split.truncated()).isEqualTo(3);
        assertThat(split.longest()).isEqualTo(32);
        assertThat(split.tokens()).isEqualTo(22 + 26 + 30 + 3 * 32);
    }

    @Test
    void longTextsOfLanguageModelsBecomeWindowsBetweenSpecialTokens() {
        CorpusSpec corpus = Preparations.file(folder.resolve("a.txt"), "a b c d e f g h i j\nx y\n");
        PreparedData data =
                run(Preparations.language(folder.resolve("out"), 6, LongText.SPLIT, SplitSource.of("train", corpus)));
        List<String> texts = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizers.load(TestTokenizers.letters())) {
            for (int s = 0; s < 3; s++) {
                TokenShard shard = data.read(new Configuration(), "train", s);
                for (int e = 0; e < shard.examples(); e++) {
                    int[] tokens = shard.tokens(e);
                    assertThat(tokens[0]).isEqualTo(tokenizer.beginTokenId().getAsInt());
                    assertThat(tokens[tokens.length - 1])
                            .isEqualTo(tokenizer.endTokenId().getAsInt());
                    texts.add(shard.ordinal(e) + ":" + tokenizer.decode(tokens));
                }
            }
        }
        assertThat(texts).containsExactlyInAnyOrder("0:a b c d", "1:e f g h", "2:i j", "3:x y");
    }

    @Test
    void shortTextsAreLeftOutAndCountedAndTheLimitCountsThoseKept() {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 40, i -> "a\t" + (i % 2 == 0 ? "x" : "x y z"));
        SplitSource source = SplitSource.of("train", corpus.withMinTokens(4).withLimit(10));
        PreparedData data = run(Preparations.classification(folder.resolve("out"), 2, source));
        assertThat(Preparations.examples(data, "train").keySet())
                .containsExactly(1L, 3L, 5L, 7L, 9L, 11L, 13L, 15L, 17L, 19L);
        assertThat(data.manifest().sources().get(0).tooShort()).isEqualTo(10);
        assertThat(data.manifest().sources().get(0).records()).isEqualTo(20);
    }

    @Test
    void pairsCarryTokenTypes() {
        CorpusSpec corpus = Preparations.file(folder.resolve("a.csv"), "p,h,label\nab,cd,1\nef,g,0\n")
                .withColumns("p", "h", "label");
        TokenShard shard = run(Preparations.classification(folder.resolve("out"), 1, SplitSource.of("train", corpus)))
                .read(new Configuration(), "train", 0);
        assertThat(shard.isPaired()).isTrue();
        assertThat(shard.typeIds(0)).isEqualTo(new int[] {0, 0, 0, 0, 1, 1, 1});
        assertThat(Arrays.stream(shard.typeIds(1)).sum()).isEqualTo(2);
    }

    @Test
    void sparkReadsTheShardsAndItsParquetFilesAreACorpus() throws IOException {
        CorpusSpec corpus = Preparations.table(folder, "a.tsv", 1000, i -> (i % 4) + "\tabc " + i);
        PreparedData fromTable =
                run(Preparations.classification(folder.resolve("out"), 3, SplitSource.of("train", corpus)));
        SparkSession spark = TestSpark.session();
        Dataset<Row> rows = spark.read().parquet(folder.resolve("out/train").toString());
        assertThat(rows.count()).isEqualTo(1000);
        assertThat(List.of(rows.columns())).contains("ordinal", "tokens", "typeIds", "label", "shard");
        spark.read()
                .option("header", true)
                .option("sep", "\t")
                .csv(folder.resolve("a.tsv").toString())
                .selectExpr("cast(label as int) label", "text", "array(1) other")
                .coalesce(1)
                .write()
                .option("parquet.block.size", 200)
                .option("parquet.page.row.count.limit", 5)
                .parquet(folder.resolve("a.parquet").toString());
        Path parquet;
        try (var files = Files.list(folder.resolve("a.parquet"))) {
            parquet = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        try (ParquetFileReader file = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(parquet.toUri()), new Configuration()))) {
            assertThat(file.getRowGroups()).hasSizeGreaterThan(3);
        }
        CorpusSpec columns = CorpusSpec.of(parquet.toString()).withColumns("text", "", "label");
        spark.conf().set("spark.sql.files.maxPartitionBytes", "500");
        PreparedData fromParquet =
                run(Preparations.classification(folder.resolve("out2"), 3, SplitSource.of("train", columns)));
        spark.conf().unset("spark.sql.files.maxPartitionBytes");
        assertThat(Preparations.examples(fromParquet, "train")).isEqualTo(Preparations.examples(fromTable, "train"));
    }

    private static PrepareSpec withLabels(PrepareSpec spec, List<String> names) {
        return new PrepareSpec(
                spec.sources(),
                spec.output(),
                spec.shared(),
                spec.tokenizer(),
                spec.objective(),
                spec.maxLength(),
                spec.longText(),
                names,
                spec.shards(),
                spec.seed(),
                spec.quarantineShare());
    }

    private static PreparedData run(PrepareSpec spec) {
        return PrepareShards.run(TestSpark.session(), spec);
    }
}

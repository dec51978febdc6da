package io.sparkpeft.datasets.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.datasets.TestSpark;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import io.sparkpeft.datasets.prepare.plan.SplitRule;
import io.sparkpeft.datasets.prepare.plan.SplitSource;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neither cores nor the size of input splits nor the serialiser change a byte of a shard. */
class SameBytesTest {
    private static final String MAX_BYTES = "spark.sql.files.maxPartitionBytes";

    @TempDir
    Path folder;

    @Test
    void coresInputSplitsAndSerialisersChangeNoByte() {
        Preparations.table(folder.resolve("in"), "b.tsv", 150, i -> i == 70 ? "broken" : Preparations.row(i));
        Preparations.table(folder.resolve("in"), "a.tsv", 150, Preparations::row);
        CorpusSpec tables = CorpusSpec.of(folder.resolve("in").toString())
                .withColumns("text", "", "label")
                .withLimit(260);
        SplitSource source = new SplitSource(tables, SplitRule.tail("train", "dev", 0.2));
        Map<String, Integer> train = run(TestSpark.session(), "two", source);
        assertThat(train).hasSize(3);
        Map<String, Integer> dev = Preparations.hashes(folder.resolve("two"), "dev");

        TestSpark.session().conf().set(MAX_BYTES, "100");
        assertSame(TestSpark.session(), "slices", source, train, dev);
        TestSpark.session().conf().unset(MAX_BYTES);

        Map<String, String> kryo = Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        assertSame(TestSpark.session("local[1]", kryo), "kryo", source, train, dev);
        Map<String, String> small = Map.of(MAX_BYTES, "77b", "spark.default.parallelism", "7");
        assertSame(TestSpark.session("local[4]", small), "four", source, train, dev);
    }

    private void assertSame(
            SparkSession spark, String name, SplitSource source, Map<String, Integer> train, Map<String, Integer> dev) {
        assertThat(run(spark, name, source)).as(name).isEqualTo(train);
        assertThat(Preparations.hashes(folder.resolve(name), "dev")).as(name).isEqualTo(dev);
    }

    private Map<String, Integer> run(SparkSession spark, String name, SplitSource source) {
        PreparedData data = PrepareShards.run(spark, Preparations.classification(folder.resolve(name), 3, source));
        assertThat(data.manifest().sources().get(0).records()).isEqualTo(261);
        assertThat(data.manifest().sources().get(0).malformed()).isEqualTo(1);
        return Preparations.hashes(folder.resolve(name), "train");
    }
}

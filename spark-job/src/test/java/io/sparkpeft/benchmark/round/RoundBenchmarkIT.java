package io.sparkpeft.benchmark.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.benchmark.figure.Report;
import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.benchmark.merge.MergeBenchmark;
import io.sparkpeft.benchmark.merge.MergeMethod;
import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoundBenchmarkIT {
    private static final ModelShape SHAPE = new ModelShape("llama", 16, 1, 2, 1, 32, 2048, 64);

    private static SparkSession spark;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("test")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @ParameterizedTest
    @CsvSource({"0,AVERAGE,12", "1,AVERAGE,12", "1,AVERAGE_BF16,8", "1,RESET,4"})
    void aRoundMovesTheTunedValuesAndMomentsPacked(int steps, Moments moments, int bytes) {
        int weights = 2000;
        int shards = 2;
        RoundBenchmark benchmark =
                new RoundBenchmark(SHAPE, new RoundBenchmark.Size(weights, shards, steps, 6, moments));
        Report report = benchmark.run(spark, directory);

        // Nothing but Spark's own comes back of an empty round; of others differences that are shorter than floats.
        long whole = (long) shards * bytes * weights;
        assertThat((double) report.values().get("result_bytes"))
                .isBetween(steps == 0 ? 1 : 0.1 * whole, (steps == 0 ? 0 : 0.9 * whole) + shards * 4096.0);
        // Down go the values and moments, once for each executor, and the task.
        long once = (long) (steps == 0 ? Float.BYTES : bytes) * weights;
        assertThat((double) report.values().get("bytes_down")).isBetween(0.4 * once, 0.95 * once + 5_000.0);
        assertThat((double) report.values().get("round_min_ms")).isPositive();
        assertThat(report.values().get("tuned")).isEqualTo(weights);
    }

    @ParameterizedTest
    @EnumSource(MergeMethod.class)
    void everyMethodMergesAllUpdates(MergeMethod method) {
        Report report = new MergeBenchmark(method, 3000, 4, true, 2).run(spark);

        assertThat(report.values().get("bytes")).isEqualTo(4 * 3 * 3000 * 4.0);
        assertThat((double) report.values().get("merge_min_ms")).isPositive();
    }

    @Test
    void theMaskHasAsManyWeightsAsAskedForAllOverTheModel() {
        ParameterLayout layout = new ParameterLayout(List.of(
                new TensorSpec("a", 7, 11, TensorKind.LINEAR, TensorRole.BODY),
                new TensorSpec("b", 1, 3, TensorKind.VECTOR, TensorRole.BODY),
                new TensorSpec("c", 40, 5, TensorKind.LINEAR, TensorRole.HEAD)));
        for (long count = 1; count <= layout.size(); count++) {
            assertThat(RoundWorld.mask(layout, count).count()).isEqualTo(count);
        }
    }
}

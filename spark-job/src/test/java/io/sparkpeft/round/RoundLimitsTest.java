package io.sparkpeft.round;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import org.apache.spark.SparkConf;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class RoundLimitsTest {
    private static final long BERT_BASE = 109_500_000;

    private static void assertRefused(String limit, long weights, Moments moments, String sentence) {
        SparkConf conf = new SparkConf(false);
        if (!limit.isEmpty()) {
            conf.set("spark.driver.maxResultSize", limit);
        }
        assertThatThrownBy(() -> RoundLimits.require(conf, weights, 1, moments))
                .hasMessage(sentence)
                .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
                .extracting(JobException::kind)
                .isEqualTo(FailureKind.CONFIG);
    }

    @Test
    void whatSparkWouldNotCollectIsRefused() {
        assertRefused(
                "",
                BERT_BASE,
                Moments.AVERAGE,
                "Cannot tune 109,500,000 weights in rounds: the driver collects 1.8 GB, and"
                        + " spark.driver.maxResultSize allows 1.1 GB; set it to 0, which is no limit");
        SparkConf free = new SparkConf(false).set("spark.driver.maxResultSize", "0");
        assertThatCode(() -> RoundLimits.require(free, BERT_BASE, 1, Moments.AVERAGE))
                .doesNotThrowAnyException();
        assertThatCode(() -> RoundLimits.require(new SparkConf(false), BERT_BASE, 1, Moments.RESET))
                .doesNotThrowAnyException();
    }

    /** Eight shards of a million weights with moments, 12 bytes each, which the driver merges itself. */
    @Test
    void messagesThatTheDriverMergesCountForEveryShard() {
        SparkConf conf = new SparkConf(false).set("spark.driver.maxResultSize", "90m");
        assertThatCode(() -> RoundLimits.require(conf, 1_000_000, 7, Moments.AVERAGE))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> RoundLimits.require(conf, 1_000_000, 8, Moments.AVERAGE))
                .hasMessageContaining("the driver collects 96.0 MB, and spark.driver.maxResultSize allows 94.4 MB");
    }

    @Test
    void whatIsLongerThanAnArrayIsRefused() {
        assertRefused(
                "0",
                180_000_000,
                Moments.AVERAGE,
                "Cannot tune 180,000,000 weights in rounds: a message of 2.2 GB is longer than the 2.1 GB that Java holds in"
                        + " one; lower update.density, or let rounds carry less of the moments (train.moments)");
        SparkConf free = new SparkConf(false).set("spark.driver.maxResultSize", "0");
        assertThatCode(() -> RoundLimits.require(free, 180_000_000, 1, Moments.AVERAGE_BF16))
                .doesNotThrowAnyException();
    }
}

package io.sparkpeft.spark.memory;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryRulesTest {
    private static SparkConf conf(String master, long heap, long tensors, long resident, long overhead) {
        String options = "-Dx=y -Dorg.bytedeco.javacpp.maxbytes=%dm -Dorg.bytedeco.javacpp.maxphysicalbytes=%dm"
                .formatted(tensors, resident);
        return new SparkConf(false)
                .set("spark.master", master)
                .set("spark.executor.memory", heap + "m")
                .set("spark.executor.defaultJavaOptions", options)
                .set("spark.executor.memoryOverhead", overhead + "m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "k8s://https://host:443"})
    void aContainerHoldsHeapAndTensors(String master) {
        assertThatCode(() -> MemoryRules.check(conf(master, 1024, 2048, 4096, 2048)))
                .doesNotThrowAnyException();
        assertRefused(
                conf(master, 1024, 2048, 4096, 2047),
                "Invalid memory of the executor: the heap of 1024 MiB and the tensors of 2048 MiB",
                "a container of 3071 MiB",
                "spark.executor.memoryOverhead, now 2047 MiB, to 2432 MiB");
    }

    @ParameterizedTest
    @CsvSource({"spark://host:7077", "local-cluster[2|1|1024]"})
    void whereThereAreNoContainersOverheadDoesNotCount(String master) {
        assertThatCode(() -> MemoryRules.check(conf(master.replace('|', ','), 1024, 2048, 4096, 1)))
                .doesNotThrowAnyException();
    }

    @Test
    void tensorsAreNotRefusedBeforeTheirOwnLimit() {
        assertThatCode(() -> MemoryRules.check(conf("spark://host:7077", 1024, 2048, 3072, 1)))
                .doesNotThrowAnyException();
        assertRefused(
                conf("spark://host:7077", 1024, 2048, 3071, 1), "maxphysicalbytes of 3071 MiB is less than the heap");
    }

    @Test
    void withoutALimitTensorsTakeAsMuchAsTheHeap() {
        SparkConf conf = new SparkConf(false).set("spark.master", "yarn").set("spark.executor.memory", "8g");
        assertRefused(conf, "the tensors of 8192 MiB", "spark.executor.memoryOverhead, now 819 MiB, to 8576 MiB");
    }

    @Test
    void theLastOptionCountsAndExtraOnesComeAfterDefaults() {
        SparkConf conf = conf("yarn", 1024, 2048, 8192, 4096)
                .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=5g");
        assertRefused(conf, "the tensors of 5120 MiB");
    }

    @Test
    void theDriverCountsWhereItRunsInAContainer() {
        SparkConf conf = conf("yarn", 1024, 1024, 8192, 1024)
                .set("spark.driver.memory", "2g")
                .set("spark.driver.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=2g")
                .set("spark.driver.memoryOverhead", "1g");
        assertThatCode(() -> MemoryRules.check(conf)).doesNotThrowAnyException();
        assertRefused(conf.clone().set("spark.submit.deployMode", "cluster"), "Invalid memory of the driver");
    }

    private static void assertRefused(SparkConf conf, String... words) {
        assertThatThrownBy(() -> MemoryRules.check(conf))
                .isInstanceOfSatisfying(JobException.class, e -> org.assertj.core.api.Assertions.assertThat(e.kind())
                        .isEqualTo(FailureKind.CONFIG))
                .hasMessageContainingAll(words);
    }
}

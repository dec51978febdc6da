package io.sparkpeft.spark.resource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.JobException;
import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark could not give is refused at the start, in a sentence that says why. */
class TrainingGpusTest {
    /** Settings as "key=value", those of this program by their last words. */
    private static SparkConf conf(String master, String settings) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        for (String setting : settings.split(" ")) {
            int middle = setting.indexOf('=');
            String key = setting.substring(0, middle);
            conf.set(
                    key.startsWith("train.") ? "spark.sparkpeft." + key : "spark." + key,
                    setting.substring(middle + 1));
        }
        return conf;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    spark://a:7077   | train.task.gpus=1 executor.resource.gpu.amount=1
                    spark://a:7077   | train.task.gpus=0.25 executor.resource.gpu.amount=2
                    local-cluster[1,1,512] | train.task.gpus=1 executor.resource.gpu.amount=1
                    spark://a:7077   | train.task.gpus=1 dynamicAllocation.enabled=true
                    yarn             | train.task.gpus=0.5 dynamicAllocation.enabled=true train.executor.gpuDiscoveryScript=/s
                    k8s://https://a  | train.task.gpus=2 dynamicAllocation.enabled=true train.executor.gpus=4 train.executor.gpuDiscoveryScript=/s train.executor.gpuVendor=nvidia.com
                    spark://a:7077   | executor.resource.gpu.amount=1 task.resource.gpu.amount=1
                    local[2]         | task.cpus=1
                    """)
    void takes(String master, String settings) {
        SparkConf conf = conf(master, settings);
        assertThatCode(() -> TrainingGpus.of(conf)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    local[2]       | train.task.gpus=1 | on local[2]: Spark schedules them on standalone
                    spark://a:7077 | train.task.gpus=some | gpus: some; it is a whole number
                    spark://a:7077 | train.task.gpus=0.7 | gpus: 0.7; it is a whole number, or at most 0.5
                    spark://a:7077 | train.task.gpus=-1 | gpus: -1; it is a whole number
                    spark://a:7077 | train.task.gpus=1 | spark.executor.resource.gpu.amount is 0; set it, or spark.dynamicAllocation.enabled=true
                    spark://a:7077 | train.task.gpus=2 executor.resource.gpu.amount=1 | 2 for each task: spark.executor.resource.gpu.amount is 1
                    spark://a:7077 | train.task.gpus=1 executor.resource.gpu.amount=1 task.resource.gpu.amount=1 | alone: spark.task.resource.gpu.amount=1 gives them to all tasks
                    spark://a:7077 | train.task.gpus=2 dynamicAllocation.enabled=true train.executor.gpus=1 | train.executor.gpus is 1; an executor must have enough for one task
                    yarn           | train.task.gpus=1 dynamicAllocation.enabled=true | gpuDiscoveryScript is not set
                    k8s://https://a | train.task.gpus=1 dynamicAllocation.enabled=true train.executor.gpuDiscoveryScript=/s | gpuVendor, such as nvidia.com, is not set
                    """)
    void refuses(String master, String settings, String why) {
        SparkConf conf = conf(master, settings);
        assertThatThrownBy(() -> TrainingGpus.of(conf))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(why);
    }
}

package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code submit/submit.sh} refuses before it starts anything, each in one sentence. */
class SubmitRefusalsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --bogus                                              | 2 | Invalid option --bogus: it has no value
            --master local[1]                                    | 2 | Missing command; submit/submit.sh --help shows how
            --master mars://host finetune x.conf                 | 2 | Invalid --master: mars://host (local[*], spark://HOST:7077, yarn or k8s://https://HOST:6443)
            --master yarn finetune x.conf                        | 2 | Cannot submit to YARN: neither HADOOP_CONF_DIR nor YARN_CONF_DIR names the directory of its configuration
            --properties-file no.properties finetune x.conf      | 3 | Cannot read properties file no.properties: there is no such file
            --driver-memory 2x finetune x.conf                   | 2 | Invalid --driver-memory: 2x (a size: 512m, 4g)
            --conf spark.executor.memory=lots finetune x.conf    | 2 | Invalid --executor-memory: lots (a size: 512m, 4g)
            --master k8s://https://host --conf spark.executor.memoryOverhead=384m finetune x.conf | 2 | Invalid spark.executor.memoryOverhead: 384m is less than the 2048 MiB of tensors outside the heap (OFF_HEAP); give it 3072m
            --master k8s://https://host --deploy-mode cluster --conf spark.driver.memoryOverhead=1G finetune x.conf | 2 | Invalid spark.driver.memoryOverhead: 1G is less than the 2048 MiB of tensors outside the heap (OFF_HEAP); give it 3072m
            """)
    void saysWhatIsWrong(String arguments, int exitCode, String sentence) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "submit/submit.sh"));
        command.addAll(List.of(arguments.split(" ")));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("..").toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        List.of("SPARK_HOME", "SPARK_CONF_DIR", "HADOOP_CONF_DIR", "YARN_CONF_DIR", "OFF_HEAP")
                .forEach(environment::remove);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.strip()).isEqualTo(sentence);
        assertThat(process.waitFor()).isEqualTo(exitCode);
    }
}

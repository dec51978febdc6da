package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkpeft.spark.memory.MemoryRules;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Airflow schedules: the DAGs as far as Python alone can tell, and the quality gate on the result of a real run. */
class AirflowIT {
    private static final File FOLDER = new File("../submit/airflow");

    private record Finished(int exitCode, String printed) {}

    @BeforeAll
    static void needsPython() throws InterruptedException {
        boolean found;
        try {
            found = python("--version").exitCode() == 0;
        } catch (IOException e) {
            found = false;
        }
        assumeTrue(found, "python3 is not installed: Airflow's DAGs are not checked");
    }

    private static Finished python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-B"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(FOLDER)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(process.waitFor(), printed);
    }

    @Test
    void theDagsUseTheirOperatorsAsDocumented() throws IOException, InterruptedException {
        Finished tests = python("-m", "unittest", "discover", "-s", "test");
        assertThat(tests.exitCode()).as(tests.printed()).isZero();
        assertThat(tests.printed()).containsPattern("Ran 1\\d tests");
    }

    /** The settings as the DAGs give them, beside the file of properties that they name. */
    @ParameterizedTest
    @CsvSource({"yarn, yarn", "kubernetes, k8s://https://kubernetes.default.svc"})
    void theSettingsOfTheDagsAreAccepted(String file, String master) throws IOException, InterruptedException {
        SparkConf conf = new SparkConf(false);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("../conf", file + ".properties"))) {
            properties.load(reader);
        }
        properties.forEach((key, value) -> conf.set(key.toString(), value.toString()));
        conf.set("spark.master", master);
        assertThatThrownBy(() -> MemoryRules.check(conf)).hasMessageContaining("do not fit into a container");

        python("spark_settings.py")
                .printed()
                .lines()
                .forEach(line -> conf.set(line.split(" ", 2)[0], line.split(" ", 2)[1]));
        MemoryRules.check(conf);
    }

    @Test
    void theGateReadsTheResultOfARun() throws IOException, InterruptedException {
        String result = FinishedRun.shared().output("result.json").toString();
        Finished met = python("quality_gate.py", result, "accuracy>=0", "sparsity>=0.29", "density<=1");
        assertThat(met.exitCode()).as(met.printed()).isZero();

        Finished missed = python("quality_gate.py", result, "accuracy>=1.01", "sparsity<=0.1");
        assertThat(missed.exitCode()).isEqualTo(4);
        assertThat(missed.printed())
                .containsPattern("Cannot promote: accuracy is 0\\.\\d{4}, not >= 1.01")
                .containsPattern("Cannot promote: sparsity is 0\\.\\d{4}, not <= 0.1");

        assertThat(python("quality_gate.py", result + ".none").exitCode()).isEqualTo(3);
    }
}

package io.sparkpeft.dl4j.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the scripts build the jar for DL4J networks, and when they say why they cannot use it. */
class SubmitScriptTest {
    private static final Instant BUILT = Instant.parse("2024-05-01T12:00:00Z");

    @TempDir
    private Path root;

    @BeforeEach
    void aCheckoutThatWasBuilt() throws IOException {
        Files.createDirectories(root.resolve("submit"));
        Files.copy(Path.of("../submit/common.sh"), root.resolve("submit/common.sh"));
        file("pom.xml", BUILT.minusSeconds(60));
        file("dl4j/pom.xml", BUILT.minusSeconds(60));
        file("dl4j/src/main/java/Some.java", BUILT.minusSeconds(60));
        file("dl4j/target/spark-peft-dl4j.jar", BUILT);
        classPath("2.12.18");
    }

    private Path file(String name, Instant changed) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
        return Files.setLastModifiedTime(file, FileTime.from(changed));
    }

    private void classPath(String scala) throws IOException {
        Files.writeString(
                file("spark-job/target/spark-classpath.txt", BUILT), "/some/scala-library-%s.jar".formatted(scala));
    }

    /** Runs the function of the scripts; a build only says that it would be made. */
    private String provide() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -euo pipefail; . submit/common.sh; build_beside() { echo builds; }; provide_dl4j")
                .directory(root.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_PEFT"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said.strip();
    }

    @Test
    void theJarIsBuiltWhereItIsMissingOrOlderThanASource() throws Exception {
        assertThat(provide()).isEqualTo("0 ");
        file("dl4j/src/main/java/Some.java", BUILT.plusSeconds(60));
        assertThat(provide()).startsWith("0 a source is newer than").endsWith("builds");
        Files.delete(root.resolve("dl4j/target/spark-peft-dl4j.jar"));
        assertThat(provide()).isEqualTo("0 builds");
    }

    @Test
    void spark4IsRefusedInASentence() throws Exception {
        classPath("2.13.16");
        assertThat(provide())
                .isEqualTo(
                        "2 Cannot use DL4J networks on Spark 4: dl4j-spark is there for Scala 2.12 only; build for Spark 3.5 (mvn package)");
    }
}

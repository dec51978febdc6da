package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.SparkProgram;
import io.sparkpeft.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One small run through the commands, each as a user would type it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandLineIT {
    private static final String RECIPE = """
            task.type = sequence-classification
            model { path = "%1$s/model", initial-weights = random }
            data {
              train.paths = ["%1$s/task-a/train.tsv"]
              dev.paths = ["%1$s/task-a/dev.tsv"]
              text-column = sentence
              limit = 96
              shards = 2
            }
            importance.examples = 32
            prune.sparsity = 0.3
            update.density = 0.05
            train { steps = 4, local-steps = 2, batch-size = 8 }
            evaluate.retention { paths = ["%1$s/heldout.jsonl"], examples = 16 }
            """;

    @TempDir
    static Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeAll
    static void useLocalSpark() {
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
    }

    @AfterAll
    static void leaveNoSettings() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    private int run(String... arguments) {
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        PrintStream failures = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return new CommandLineProgram(new SparkProgram(), console, failures).run(arguments);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String said() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    @Order(1)
    void fineTunesOnTheSampleWorld() throws IOException {
        assertThat(run("sample", at("world"))).isZero();
        Files.writeString(folder.resolve("world/model/generation_config.json"), "{\"eos_token_id\": 2}");
        Files.writeString(folder.resolve("tiny.conf"), RECIPE.formatted(at("world")));

        assertThat(run("finetune", at("tiny.conf"), "--output", at("run")))
                .as(said())
                .isZero();
        assertThat(folder.resolve("run/model/generation_config.json")).hasContent("{\"eos_token_id\": 2}");
        assertThat(folder.resolve("run")).isDirectoryContaining("glob:**_SUCCESS");
        assertThat(printed()).contains("round").contains("accuracy").contains("wrote the sample world");
    }

    @Test
    @Order(2)
    void doesNothingTheSecondTime() throws IOException {
        byte[] result = Files.readAllBytes(folder.resolve("run/result.json"));

        assertThat(run("finetune", at("tiny.conf"), "--output", at("run"))).isZero();
        assertThat(printed()).contains("is done already");
        assertThat(Files.readAllBytes(folder.resolve("run/result.json"))).isEqualTo(result);
    }

    @Test
    @Order(3)
    void inspectsWhatTheRunLeft() throws IOException {
        Path outline = Files.createDirectory(Path.of(at("outline")));
        Files.copy(Path.of(at("world/model/config.json")), outline.resolve("config.json"));
        assertThat(run("inspect", at("run"))).as(said()).isZero();
        assertThat(run("inspect", at("run/model"))).as(said()).isZero();
        assertThat(run("inspect", at("run/adapter"))).as(said()).isZero();
        assertThat(run("inspect", at("run/adapter/prune.mask"))).as(said()).isZero();
        assertThat(run("inspect", at("outline"))).as(said()).isZero();

        assertThat(printed())
                .containsPattern("state +done")
                .containsPattern("family +\\w+")
                .containsPattern("zeros +[\\d,]+ \\(\\d+")
                .containsPattern("values +f32")
                .contains("mask file:" + at("run/adapter/prune.mask"))
                .containsPattern("weights +none");
        assertThat(run("inspect", at("world"))).isEqualTo(3);
        assertThat(run("inspect", at("nowhere"))).isEqualTo(3);
        assertThat(run("inspect", at("tiny.conf"))).isEqualTo(3);
        assertThat(said())
                .contains("it is neither a run")
                .contains("there is nothing")
                .contains("it is no delta or mask file");
    }

    @Test
    @Order(3)
    void promotesWhatTheRunMade() throws IOException {
        assertThat(run("promote", at("run"), "--to", at("serving"))).as(said()).isZero();
        assertThat(printed()).contains("current version of " + at("serving") + " is now ");
        String current = Files.readString(folder.resolve("serving/current.json"));
        String version = current.replaceAll("(?s).*\"version\" : \"([0-9a-f]{16})\".*", "$1");
        assertThat(folder.resolve("serving/versions").resolve(version).resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("run/model/model.safetensors"));
        assertThat(run("promote", at("world"), "--to", at("serving"))).isEqualTo(3);
        assertThat(said()).contains("there is no finished run (no _SUCCESS)");
    }

    @Test
    @Order(4)
    void theAdapterOnItsBaseIsTheModelBitForBit() throws IOException {
        assertThat(run("export", at("tiny.conf"), "--output", at("run"), "--to", at("merged")))
                .as(said())
                .isZero();
        assertThat(folder.resolve("merged/_UNFINISHED")).doesNotExist();

        for (String file :
                new String[] {"model.safetensors", "config.json", "tokenizer.json", "generation_config.json"}) {
            assertThat(Files.mismatch(
                            folder.resolve("run/model").resolve(file),
                            folder.resolve("merged").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(run("export", at("tiny.conf"), "--output", at("run"), "--to", at("merged")))
                .isEqualTo(2);
        assertThat(said()).contains("merged: it is not empty");

        Files.delete(folder.resolve("merged/config.json"));
        Files.writeString(folder.resolve("merged/_UNFINISHED"), "model of %s/adapter\n".formatted(at("run")));
        assertThat(run("export", at("tiny.conf"), "--output", at("run"), "--to", at("merged")))
                .as(said())
                .isZero();
        assertThat(folder.resolve("merged/config.json")).exists();
        assertThat(folder.resolve("merged/_UNFINISHED")).doesNotExist();
    }

    @Test
    @Order(5)
    void refusesAnAdapterThatIsDamagedOrAnothers() throws IOException {
        String[] export = {
            "export", at("tiny.conf"), "--adapter", at("run/adapter"), "--to", at("other"), "-s", "seed=7"
        };
        assertThat(run(export)).isEqualTo(3);
        assertThat(said()).contains("Cannot apply").contains("it belongs to the weights");

        byte[] adapter = Files.readAllBytes(folder.resolve("run/adapter/adapter.delta"));
        Files.createDirectories(folder.resolve("short"));
        Files.write(folder.resolve("short/adapter.delta"), Arrays.copyOf(adapter, adapter.length - 3));
        assertThat(run("export", at("tiny.conf"), "--adapter", at("short"), "--to", at("other")))
                .isEqualTo(3);
        assertThat(said()).contains("it is damaged at byte");
        assertThat(folder.resolve("other")).doesNotExist();
    }
}

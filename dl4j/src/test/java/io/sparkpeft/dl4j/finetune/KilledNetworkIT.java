package io.sparkpeft.dl4j.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code finetune} of a DL4J network that a kill or the cluster ends between rounds, and run again. */
class KilledNetworkIT {
    @TempDir
    private static Path world;

    private static float[] whole;

    @BeforeAll
    static void runWhole() throws IOException {
        assertThat(Typed.here("sample", world.toString(), "--network").exitCode())
                .isZero();
        Typed typed = Typed.here("finetune", recipe("whole").toString());
        assertThat(typed.exitCode()).as(typed.text()).isZero();
        whole = weights("whole");
    }

    private static Path recipe(String name) throws IOException {
        return Files.writeString(world.resolve(name + ".conf"), """
                model.path = "WORLD/network.zip"
                data { train.paths = ["WORLD/train.csv"], dev.paths = ["WORLD/dev.csv"], label-column = kind, shards = 2 }
                task.labels = [near, far, farther]
                prune.sparsity = 0.3
                update.density = 0.2
                importance.examples = 100
                train { epochs = 4, batch-size = 16, local-steps = 5 }
                output.directory = "WORLD/runs/NAME"
                """.replace("WORLD", world.toString())
                .replace("NAME", name));
    }

    private static Process start(Path recipe) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Dspark.master=local[1]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.bindAddress=127.0.0.1",
                "-Dspark.driver.host=localhost",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "finetune",
                recipe.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(world.resolve("said.txt").toFile())
                .start();
    }

    private static long checkpoints(String name) {
        Path directory = world.resolve("runs/" + name + "/checkpoints/masked");
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("manifest.json")).count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static float[] weights(String name) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(
                        world.resolve("runs/" + name + "/model/network.zip").toFile())
                .params()
                .toFloatVector();
    }

    @Test
    void aKilledProcessGoesOnToTheSameBits() throws Exception {
        Process process = start(recipe("killed"));
        while (checkpoints("killed") == 0 && process.isAlive()) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly().waitFor();
        assertThat(checkpoints("killed"))
                .as(Files.readString(world.resolve("said.txt")))
                .isPositive();
        assertThat(world.resolve("runs/killed/model/network.zip")).doesNotExist();

        assertGoesOnToTheSameBits("killed");
    }

    @Test
    void anEndedApplicationGoesOnToTheSameBits() throws Exception {
        String conf = recipe("ended").toString();
        CompletableFuture<Typed> run = CompletableFuture.supplyAsync(() -> Typed.here("finetune", conf));
        while (checkpoints("ended") == 0 && !run.isDone()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        SparkContext.getOrCreate().stop();
        Typed ended = run.get(5, TimeUnit.MINUTES);
        assertThat(ended.text()).contains("Cannot go on: the cluster ended the Spark application");
        assertThat(ended.exitCode()).isEqualTo(75);
        assertThat(world.resolve("runs/ended/model/network.zip")).doesNotExist();

        assertGoesOnToTheSameBits("ended");
    }

    private static void assertGoesOnToTheSameBits(String name) throws IOException {
        Typed again = Typed.here("finetune", world.resolve(name + ".conf").toString());
        assertThat(again.exitCode()).as(again.text()).isZero();
        assertThat(weights(name)).isEqualTo(whole);
    }
}

package io.sparkpeft;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import io.sparkpeft.model.safetensors.SafeTensorsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that tunes linear layers alone, and its adapter in PEFT's format. */
class ShiraExportIT {
    private static final String PREFIX = "base_model.model.";

    @TempDir
    static Path temporary;

    private static SmallWorld world;
    private static FinishedRun other;
    private static CommandRunner commands;

    @BeforeAll
    static void start() throws IOException {
        world = SmallWorld.in(temporary);
        other = FinishedRun.shared();
        commands = new CommandRunner();
        CommandRunner.Result run = commands.run("finetune", recipe("linear"));
        assertThat(run.exitCode()).as(run.errors()).isZero();
    }

    @AfterAll
    static void stop() {
        commands.close();
    }

    private static String recipe(String run) {
        return world.recipeText(run) + """
                update { tensors = linear, scope = per-tensor, density = 0.02 }
                prune.sparsity = 0.3
                """;
    }

    private static CommandRunner.Result export(String recipe, Path target) {
        return commands.run("export", recipe, "--to", target.toString(), "--format", "shira");
    }

    @Test
    void theBaseWithTheAdapterIsTheModelOfTheRun() throws IOException {
        Path target = temporary.resolve("shira");
        CommandRunner.Result exported = export(recipe("linear"), target);
        assertThat(exported.exitCode()).as(exported.errors()).isZero();
        assertThat(exported.output())
                .containsPattern("wrote an adapter of [\\d,]+ weights in [\\d,]+ places \\(r = \\d+\\) to ")
                .contains("for the model in " + target.resolve("base"));

        JsonNode config = new ObjectMapper()
                .readTree(target.resolve("adapter_config.json").toFile());
        assertThat(config.get("base_model_name_or_path").asText())
                .isEqualTo(target.resolve("base").toString());
        assertThat(config.get("modules_to_save")).hasSize(1);
        assertThat(config.get("modules_to_save").get(0).asText()).isEqualTo("score");
        assertThat(target.resolve("base/config.json")).exists();
        assertThat(target.resolve("base/tokenizer.json")).exists();

        Map<String, float[]> adapter = floats(target, "adapter_model.safetensors");
        Map<String, float[]> base = floats(target.resolve("base"), "model.safetensors");
        Map<String, float[]> model = floats(world.run("linear").resolve("model"), "model.safetensors");
        assertThat(base.keySet()).isEqualTo(model.keySet());
        int changed = 0;
        for (String name : model.keySet()) {
            float[] tuned = model.get(name);
            float[] whole = adapter.get(PREFIX + name);
            if (whole != null) {
                assertThat(whole).as(name).isEqualTo(tuned);
                continue;
            }
            float[] before = base.get(name);
            float[] differences = new float[tuned.length];
            for (int i = 0; i < tuned.length; i++) {
                differences[i] = tuned[i] - before[i];
            }
            String values = PREFIX + name.replaceFirst("\\.weight$", ".shira_weight");
            assertThat(notZero(adapter.getOrDefault(values, new float[0])))
                    .as(name)
                    .isEqualTo(notZero(differences));
            changed += notZero(differences).length;
        }
        assertThat(changed).isPositive();
    }

    private static Map<String, float[]> floats(Path directory, String file) throws IOException {
        Map<String, float[]> tensors = new HashMap<>();
        SafeTensorsReader.read(
                new LocalCheckpointFiles(directory),
                file,
                entry -> !entry.name().endsWith("_indices"),
                (entry, values) -> tensors.put(entry.name(), values));
        return tensors;
    }

    /** In their order, which is that of the positions. */
    private static float[] notZero(float[] values) {
        float[] found = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (value != 0) {
                found[count++] = value;
            }
        }
        return Arrays.copyOf(found, count);
    }

    @Test
    void theBaseOfARunThatChangedNothingElseIsItsCheckpoint() throws IOException {
        Path checkpoint = world.run("linear").resolve("model");
        String dense = recipe("unpruned")
                + "prune.sparsity = 0\nmodel { path = \"%s\", initial-weights = pretrained }\n".formatted(checkpoint);
        CommandRunner.Result run = commands.run("finetune", dense);
        assertThat(run.exitCode()).as(run.errors()).isZero();
        Path target = temporary.resolve("unpruned");
        CommandRunner.Result exported = export(dense, target);
        assertThat(exported.exitCode()).as(exported.errors()).isZero();
        assertThat(exported.output()).contains("for the model in " + checkpoint);
        assertThat(target.resolve("base")).doesNotExist();
        assertThat(new ObjectMapper()
                        .readTree(target.resolve("adapter_config.json").toFile())
                        .get("base_model_name_or_path")
                        .asText())
                .isEqualTo(checkpoint.toString());
    }

    @Test
    void refusesAnAdapterOfOtherTensorsBeforeItWritesAnything() throws IOException {
        Path target = temporary.resolve("refused");
        CommandRunner.Result exported = export(other.recipe(), target);
        assertThat(exported.exitCode()).isEqualTo(2);
        assertThat(exported.errors())
                .contains("Cannot write a SHiRA adapter: it holds weights of torch.nn.Linear alone, and tuned are also"
                        + " those of ")
                .contains("a run with update.tensors = linear and update.scope = per-tensor makes one");
        assertThat(Files.exists(target)).isFalse();

        CommandRunner.Result unknown =
                commands.run("export", other.recipe(), "--to", target.toString(), "--format", "lora");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.errors()).contains("Invalid --format: lora is none of model, shira");
    }

    @Test
    void everyWeightOfLinearLayersIsTunedAtFullDensity() throws IOException {
        String all = recipe("all") + "update { scope = global, density = 1 }\ntrain.steps = 4\n";
        CommandRunner.Result plan = commands.run("finetune", all, "--dry-run");
        assertThat(plan.output()).containsPattern("at most [\\d,]+ of the body tuned");
        CommandRunner.Result run = commands.run("finetune", all);
        assertThat(run.exitCode()).as(run.errors()).isZero();

        JsonNode tensors = new ObjectMapper()
                .readTree(world.run("all").resolve("tensors.json").toFile());
        int linear = 0;
        for (JsonNode tensor : tensors) {
            String name = tensor.get("name").asText();
            boolean isLinear = name.matches(".*_proj\\.weight");
            linear += isLinear ? 1 : 0;
            int left = tensor.get("weights").asInt() - tensor.get("pruned").asInt();
            boolean isTuned = isLinear || tensor.get("role").asText().equals("head");
            assertThat(tensor.get("tuned").asInt()).as(name).isEqualTo(isTuned ? left : 0);
        }
        assertThat(linear).isEqualTo(7);
    }
}

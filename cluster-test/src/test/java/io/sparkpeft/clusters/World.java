package io.sparkpeft.clusters;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.clusters.daemon.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sample world with a model so small that a job on it takes seconds, on the local disk, and what a run on two local
 * cores makes of it. Made by the first test that needs it.
 */
record World(Path directory, byte[] expectedAdapter) {
    private static World shared;

    static synchronized World shared() throws Exception {
        if (shared == null) {
            shared = create(Directories.create("world"));
        }
        return shared;
    }

    private static World create(Path directory) throws Exception {
        Submission local = Submission.to("local", "local[2]");
        local.run("sample", directory.toString()).requireSuccess();
        shrink(directory.resolve("model/config.json"));
        Path recipe = recipe("local", directory.toUri(), directory.toUri(), directory.resolve("run"));
        local.run("finetune", recipe.toString()).requireSuccess();
        return new World(directory, Files.readAllBytes(directory.resolve("run/adapter/adapter.delta")));
    }

    private static void shrink(Path config) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree(Files.readAllBytes(config));
        json.put("hidden_size", 16)
                .put("intermediate_size", 32)
                .put("num_hidden_layers", 1)
                .put("num_attention_heads", 2)
                .put("num_key_value_heads", 1);
        json.remove("head_dim");
        Files.write(config, mapper.writeValueAsBytes(json));
    }

    /**
     * Writes a recipe.
     *
     * @param model URI of a directory that holds the model's directory
     * @param corpora URI of a directory that holds the corpora
     * @param output the run directory
     */
    static Path recipe(String name, Object model, Object corpora, Object output) throws IOException {
        return Files.writeString(
                Directories.create("recipe-" + name).resolve(name + ".conf"), """
                name = small
                task.type = sequence-classification
                model { path = "%1$s/model", initial-weights = random }
                data {
                  train.paths = ["%2$s/task-a/train.tsv"]
                  dev.paths = ["%2$s/task-a/dev.tsv"]
                  text-column = sentence
                  shards = 3
                  limit = 300
                }
                importance.examples = 60
                prune.sparsity = 0.2
                update.density = 0.1
                train { steps = 40, local-steps = 4, batch-size = 8 }
                evaluate.retention { paths = ["%2$s/heldout.jsonl"], examples = 20 }
                output.directory = "%3$s"
                """.formatted(model, corpora, output));
    }
}

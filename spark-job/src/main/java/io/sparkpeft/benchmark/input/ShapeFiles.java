package io.sparkpeft.benchmark.input;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A checkpoint of a config.json alone, in memory: a shape as Hugging Face writes it. */
public final class ShapeFiles implements CheckpointFiles {
    private static final String CONFIG = "config.json";

    private final byte[] config;

    public ShapeFiles(ModelShape shape) {
        this.config = config(shape).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode config(ModelShape shape) {
        ObjectNode json = new ObjectMapper().createObjectNode().put("model_type", shape.family());
        json.put("vocab_size", shape.vocabulary()).put("tie_word_embeddings", true);
        if (shape.family().equals("gpt2")) {
            return json.put("n_embd", shape.hidden())
                    .put("n_layer", shape.layers())
                    .put("n_head", shape.heads())
                    .put("n_inner", shape.feedForward())
                    .put("n_positions", shape.positions());
        }
        json.put("hidden_size", shape.hidden())
                .put("num_hidden_layers", shape.layers())
                .put("num_attention_heads", shape.heads())
                .put("intermediate_size", shape.feedForward())
                .put("max_position_embeddings", shape.positions());
        return shape.family().equals("llama") ? json.put("num_key_value_heads", shape.keyValueHeads()) : json;
    }

    @Override
    public boolean exists(String name) {
        return name.equals(CONFIG);
    }

    @Override
    public List<String> list() {
        return List.of(CONFIG);
    }

    @Override
    public InputStream open(String name) throws IOException {
        if (!exists(name)) {
            throw new FileNotFoundException(location(name));
        }
        return new ByteArrayInputStream(config);
    }

    @Override
    public long length(String name) {
        return config.length;
    }

    @Override
    public String location(String name) {
        return "the benchmark's " + name;
    }
}

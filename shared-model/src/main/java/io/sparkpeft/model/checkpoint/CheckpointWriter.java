package io.sparkpeft.model.checkpoint;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.safetensors.SafeTensorsWriter;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * Writes a model so that Hugging Face loads it: {@code model.safetensors} and {@code config.json}. A language model
 * keeps the tensor names that its checkpoint had; a classifier gets those of Hugging Face's class for it, since only
 * they load beside a head.
 */
public final class CheckpointWriter {
    private final ModelOutline model;

    public CheckpointWriter(ModelOutline model) {
        this.model = model;
    }

    /**
     * Writes model.safetensors in float32; the stream stays open.
     *
     * @param source the weights to write, of the model's layout; read piece by piece
     */
    public void writeWeights(WeightSource source, OutputStream out) throws IOException {
        weights(source).write(out);
    }

    /** Length in bytes of what {@link #writeWeights} writes. */
    public long weightsLength(WeightSource source) {
        return weights(source).length();
    }

    private SafeTensorsWriter weights(WeightSource source) {
        ParameterLayout layout = model.definition().layout();
        SafeTensorsWriter writer = new SafeTensorsWriter();
        for (int t = 0; t < layout.count(); t++) {
            TensorSpec spec = layout.tensor(t);
            int tensor = t;
            writer.add(
                    exportedName(spec.name()),
                    spec.shape(),
                    spec.size(),
                    (from, count, target) -> source.read(tensor, from, count, target, 0));
        }
        return writer;
    }

    private String exportedName(String name) {
        return objective().isLanguageModel() ? model.storedNames().getOrDefault(name, name) : name;
    }

    /**
     * The config.json: the checkpoint's own with what the task changes.
     *
     * @param padToken of the tokenizer; Hugging Face's causal classifiers find the last token by it
     */
    public byte[] config(OptionalInt padToken) {
        ObjectNode json = model.config().copy();
        json.putArray("architectures").add(model.definition().family().architecture(objective()));
        for (String key : List.of("torch_dtype", "dtype")) {
            if (json.has(key)) {
                json.put(key, "float32");
            }
        }
        if (objective() == Objective.SEQUENCE_CLASSIFICATION) {
            putLabels(json);
            if (!json.hasNonNull("pad_token_id")) {
                json.put(
                        "pad_token_id",
                        padToken.orElse(json.path("eos_token_id").asInt(0)));
            }
        }
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        try {
            return (new ObjectMapper().writer(printer).writeValueAsString(json) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("A JSON tree can be written to memory", e);
        }
    }

    private void putLabels(ObjectNode json) {
        List<String> labels = definition().task().labels();
        ObjectNode names = json.putObject("id2label");
        ObjectNode numbers = json.putObject("label2id");
        for (int label = 0; label < labels.size(); label++) {
            names.put(Integer.toString(label), labels.get(label));
            numbers.put(labels.get(label), label);
        }
        json.put("num_labels", labels.size());
        json.put("problem_type", "single_label_classification");
    }

    private Objective objective() {
        return definition().task().objective();
    }

    private ModelDefinition definition() {
        return model.definition();
    }
}

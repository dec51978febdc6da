package io.sparkpeft.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints old and new are loaded whole or refused by name, and go out as they came in. */
class CheckpointsTest extends EditedCheckpoint {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @ParameterizedTest
    @CsvSource({
        "bert, MASKED_LM, BertForMaskedLM",
        "distilbert, MASKED_LM, DistilBertForMaskedLM",
        "gpt2, CAUSAL_LM, GPT2LMHeadModel",
        "llama, CAUSAL_LM, LlamaForCausalLM",
        "llama-tied, CAUSAL_LM, LlamaForCausalLM"
    })
    void aLanguageModelGoesOutAsItCameIn(String family, Objective objective, String architecture) throws IOException {
        copy(family);
        PretrainedModel model = load(objective, List.of());
        PretrainedModel again = rewritten(model);
        assertThat(again.parameters().fingerprint())
                .isEqualTo(model.parameters().fingerprint());
        assertThat(again.definition().layout()).isEqualTo(model.definition().layout());
        Map<String, Stored> before = tensors;
        readTensors();
        for (TensorSpec spec : model.definition().layout().tensors()) {
            String name = model.outline().storedNames().getOrDefault(spec.name(), spec.name());
            assertThat(tensors.get(name).values()).isEqualTo(before.get(name).values());
            assertThat(tensors.get(name).shape()).isEqualTo(before.get(name).shape());
        }
        assertThat(before.keySet()).containsAll(tensors.keySet());
        assertThat(JSON.readTree(again.outline().config().copy().toString()).get("architectures"))
                .isEqualTo(JSON.createArrayNode().add(architecture));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "llama-tied"})
    void everyWeightIsReadOnceAndInOrderWithinItsTensor(String family) throws IOException {
        copy(family);
        Checkpoint checkpoint = Checkpoint.open(files(), Objective.SEQUENCE_CLASSIFICATION, LABELS);
        int[] read = new int[checkpoint.outline().definition().layout().count()];
        checkpoint.read(7, (tensor, from, count, values) -> {
            assertThat(from).isEqualTo(read[tensor]);
            read[tensor] += count;
        });
        assertThat(read)
                .isEqualTo(checkpoint.outline().definition().layout().tensors().stream()
                        .mapToInt(TensorSpec::size)
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "bert, BertForSequenceClassification",
        "distilbert, DistilBertForSequenceClassification",
        "gpt2, GPT2ForSequenceClassification",
        "llama, LlamaForSequenceClassification",
        "llama-tied, LlamaForSequenceClassification"
    })
    void aClassifierGoesOutWithItsLabels(String family, String architecture) throws IOException {
        copy(family);
        JsonNode original = JSON.readTree(directory.resolve("config.json").toFile());
        PretrainedModel model = load(Objective.SEQUENCE_CLASSIFICATION, List.of("no", "yes", "maybe", "never"));
        PretrainedModel again = rewritten(model);
        assertThat(again.parameters().fingerprint())
                .isEqualTo(model.parameters().fingerprint());
        assertThat(again.report().initialised()).isEmpty();
        JsonNode config = JSON.readTree(directory.resolve("config.json").toFile());
        assertThat(config.get("architectures").get(0).textValue()).isEqualTo(architecture);
        assertThat(config.get("label2id").get("maybe").intValue()).isEqualTo(2);
        assertThat(config.get("num_labels").intValue()).isEqualTo(4);
        assertThat(config.get("pad_token_id").isInt()).isTrue();
        assertThat(Checkpoints.labels(again.outline().config())).containsExactly("no", "yes", "maybe", "never");
        original.fieldNames().forEachRemaining(key -> {
            if (!List.of("architectures", "id2label", "label2id", "pad_token_id")
                    .contains(key)) {
                assertThat(config.get(key)).as(key).isEqualTo(original.get(key));
            }
        });
    }

    @Test
    void everyTensorHasTheRoleThatTheTaskGivesIt() throws IOException {
        copy("bert");
        ParameterLayout classifier =
                load(Objective.SEQUENCE_CLASSIFICATION, LABELS).definition().layout();
        assertThat(role(classifier, "bert.pooler.dense.weight")).isEqualTo(TensorRole.BODY);
        assertThat(role(classifier, "classifier.bias")).isEqualTo(TensorRole.HEAD);
        assertThat(role(classifier, "cls.predictions.bias")).isEqualTo(TensorRole.FROZEN);
        ParameterLayout masked =
                load(Objective.MASKED_LM, List.of()).definition().layout();
        assertThat(role(masked, "bert.pooler.dense.weight")).isEqualTo(TensorRole.FROZEN);
        assertThat(role(masked, "cls.predictions.bias")).isEqualTo(TensorRole.BODY);
        assertThat(masked.contains("classifier.weight")).isFalse();
        assertThat(masked.contains("cls.predictions.decoder.weight")).as("tied").isFalse();
        copy("distilbert");
        ParameterLayout distilbert =
                load(Objective.SEQUENCE_CLASSIFICATION, LABELS).definition().layout();
        assertThat(role(distilbert, "pre_classifier.weight")).isEqualTo(TensorRole.HEAD);
        copy("llama");
        ParameterLayout llama =
                load(Objective.SEQUENCE_CLASSIFICATION, LABELS).definition().layout();
        assertThat(role(llama, "lm_head.weight")).isEqualTo(TensorRole.FROZEN);
        assertThat(llama.contains("score.bias")).isFalse();
    }

    @Test
    void aNewHeadIsDrawnFromTheSeedAndReported() throws IOException {
        copy("bert");
        remove("classifier.weight");
        remove("classifier.bias");
        save();
        PretrainedModel one = Checkpoints.load(files(), Objective.SEQUENCE_CLASSIFICATION, LABELS, 1);
        assertThat(one.report().initialised()).containsExactly("classifier.weight", "classifier.bias");
        PretrainedModel same = Checkpoints.load(files(), Objective.SEQUENCE_CLASSIFICATION, LABELS, 1);
        PretrainedModel other = Checkpoints.load(files(), Objective.SEQUENCE_CLASSIFICATION, LABELS, 2);
        assertThat(same.parameters().fingerprint()).isEqualTo(one.parameters().fingerprint());
        assertThat(other.parameters().tensor("classifier.weight"))
                .isNotEqualTo(one.parameters().tensor("classifier.weight"));
        assertThat(one.parameters().tensor("classifier.bias")).containsOnly(0f);
    }

    @Test
    void aHeadForOtherClassesIsDrawnAnewAndReported() throws IOException {
        copy("bert");
        put("classifier.weight", 2, 12);
        put("classifier.bias", 2);
        save();
        LoadReport report = load(Objective.SEQUENCE_CLASSIFICATION, LABELS).report();
        assertThat(report.initialised()).containsExactly("classifier.weight", "classifier.bias");
        assertThat(report.ignored()).contains("classifier.weight", "classifier.bias");
        assertThat(load(Objective.SEQUENCE_CLASSIFICATION, List.of("x", "y"))
                        .report()
                        .initialised())
                .isEmpty();
    }

    @Test
    void namesOfOldFilesAreUnderstoodAndKept() throws IOException {
        copy("bert");
        PretrainedModel today = load(Objective.MASKED_LM, List.of());
        Map<String, Stored> old = new TreeMap<>();
        tensors.forEach((name, tensor) -> old.put(
                name.replaceFirst("^bert\\.", "")
                        .replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                tensor));
        old.put("embeddings.position_ids", new Stored(new int[] {1, 10}, new float[10]));
        old.put("cls.seq_relationship.weight", new Stored(new int[] {2, 12}, new float[24]));
        tensors = old;
        save();
        PretrainedModel loaded = load(Objective.MASKED_LM, List.of());
        assertThat(loaded.parameters().fingerprint())
                .isEqualTo(today.parameters().fingerprint());
        assertThat(loaded.report().ignored())
                .contains("cls.seq_relationship.weight")
                .doesNotContain("position_ids");
        rewritten(loaded);
        readTensors();
        assertThat(tensors).containsKeys("embeddings.LayerNorm.gamma", "encoder.layer.0.output.LayerNorm.beta");
        assertThat(old.keySet()).containsAll(tensors.keySet());
    }

    @Test
    void tiedEmbeddingsAreOneTensorUnderEitherName() throws IOException {
        copy("llama-tied");
        PretrainedModel before = load(Objective.CAUSAL_LM, List.of());
        String embedding = "model.embed_tokens.weight";
        Stored table = tensors.containsKey(embedding) ? tensors.get(embedding) : tensors.get("lm_head.weight");
        for (List<String> names :
                List.of(List.of(embedding), List.of("lm_head.weight"), List.of(embedding, "lm_head.weight"))) {
            tensors.keySet().removeAll(List.of(embedding, "lm_head.weight"));
            names.forEach(name -> tensors.put(name, table));
            save();
            PretrainedModel loaded = load(Objective.CAUSAL_LM, List.of());
            assertThat(loaded.parameters().fingerprint())
                    .isEqualTo(before.parameters().fingerprint());
            assertThat(loaded.report().ignored()).containsExactly("score.weight");
        }
    }

    @Test
    void tensorsThatDoNotFitAreNamed() throws IOException {
        copy("bert");
        remove("bert.encoder.layer.1.output.dense.weight");
        save();
        refuses(Objective.MASKED_LM, " for MASKED_LM: a tensor is missing: bert.encoder.layer.1.output.dense.weight");
        copy("bert");
        put("bert.encoder.layer.0.output.dense.weight", 20, 12);
        save();
        refuses(
                Objective.MASKED_LM,
                ": tensor bert.encoder.layer.0.output.dense.weight has shape [20, 12], the configuration says [12, 20]");
        copy("bert");
        put("bert.encoder.layer.2.output.dense.bias", 12);
        save();
        refuses(
                Objective.MASKED_LM,
                ": the configuration does not explain 1 tensor: bert.encoder.layer.2.output.dense.bias");
        copy("bert");
        tensors.keySet().removeIf(name -> name.startsWith("cls."));
        save();
        refuses(
                Objective.MASKED_LM,
                " for MASKED_LM: 5 tensors are missing: cls.predictions.transform.dense.weight,"
                        + " cls.predictions.transform.dense.bias, cls.predictions.transform.LayerNorm.weight,"
                        + " cls.predictions.transform.LayerNorm.bias, cls.predictions.bias");
        copy("bert");
        assertThatThrownBy(() -> load(Objective.CAUSAL_LM, List.of()))
                .hasMessage(
                        "Cannot use %s for CAUSAL_LM: a model of type bert is for MASKED_LM",
                        directory.resolve("config.json"));
        copy("bert");
        remove("bert.embeddings.LayerNorm.weight");
        put("bert.embeddings.LayerNorm.gamma", 12);
        put("embeddings.LayerNorm.gamma", 12);
        save();
        refuses(
                Objective.MASKED_LM,
                ": tensors bert.embeddings.LayerNorm.gamma and embeddings.LayerNorm.gamma are both"
                        + " bert.embeddings.LayerNorm.weight");
    }

    @Test
    void aBiasThatSomeLayersHaveIsNeededInAll() throws IOException {
        copy("gpt2");
        remove("transformer.h.0.attn.c_attn.bias");
        save();
        refuses(Objective.CAUSAL_LM, " for CAUSAL_LM: a tensor is missing: transformer.h.0.attn.c_attn.bias");
        remove("transformer.h.1.attn.c_attn.bias");
        save();
        assertThat(load(Objective.CAUSAL_LM, List.of())
                        .definition()
                        .layout()
                        .contains("transformer.h.0.attn.c_attn.bias"))
                .isFalse();
    }

    @Test
    void randomWeightsComeFromTheConfigurationAlone() throws IOException {
        copy("gpt2");
        Files.delete(directory.resolve("model.safetensors"));
        PretrainedModel one = Checkpoints.loadRandom(files(), Objective.CAUSAL_LM, List.of(), 3);
        PretrainedModel same = Checkpoints.loadRandom(files(), Objective.CAUSAL_LM, List.of(), 3);
        assertThat(one.parameters().fingerprint()).isEqualTo(same.parameters().fingerprint());
        assertThat(one.parameters().tensor("transformer.ln_f.weight")).containsOnly(1f);
        assertThat(one.parameters().tensor("transformer.h.0.attn.c_attn.bias")).containsOnly(0f);
        float[] weights = one.parameters().tensor("transformer.h.1.mlp.c_fc.weight");
        double squares = 0;
        for (float weight : weights) {
            squares += weight * weight;
        }
        assertThat(Math.sqrt(squares / weights.length)).isBetween(0.017, 0.023);
        rewritten(one);
        assertThat(load(Objective.CAUSAL_LM, List.of()).parameters().fingerprint())
                .isEqualTo(one.parameters().fingerprint());
    }

    @Test
    void labelsInAConfigurationMustBeNumberedFromZero() throws IOException {
        copy("bert");
        Files.writeString(directory.resolve("config.json"), "{\"id2label\":{\"1\":\"a\",\"2\":\"b\"}}");
        assertThatThrownBy(() -> Checkpoints.labels(Checkpoints.config(files())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("(texts under 0 to 1 are needed)");
    }

    private static TensorRole role(ParameterLayout layout, String name) {
        return layout.tensor(layout.indexOf(name)).role();
    }
}

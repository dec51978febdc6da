package io.sparkpeft.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.TransformerConfig.DropoutRates;
import io.sparkpeft.model.safetensors.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations are read as Hugging Face reads them; what is not supported is refused, not guessed. */
class ModelFamilyTest {
    private static final String BERT = """
            "model_type":"bert","hidden_size":12,"num_attention_heads":3,"num_hidden_layers":2,"intermediate_size":20,
            "vocab_size":31,"max_position_embeddings":10""";
    private static final String DISTILBERT = """
            "model_type":"distilbert","dim":12,"n_heads":3,"n_layers":2,"hidden_dim":20,"vocab_size":31""";
    private static final String GPT2 = """
            "model_type":"gpt2","n_embd":12,"n_head":3,"n_layer":2,"n_inner":null,"vocab_size":31,"n_positions":10""";
    private static final String LLAMA = """
            "model_type":"llama","hidden_size":12,"num_attention_heads":3,"num_hidden_layers":2,"intermediate_size":20,
            "vocab_size":31,"max_position_embeddings":10""";

    @Test
    void keysThatAreAbsentHaveHuggingFacesDefaults() throws CheckpointException {
        TransformerConfig bert = read(BERT);
        assertThat(bert.sizes()).isEqualTo(new TransformerConfig.Sizes(12, 2, 20, 31, 10, 2));
        assertThat(bert.dropout()).isEqualTo(new DropoutRates(0.1f, 0.1f, 0.1f, 0.1f, 0.1f));
        assertThat(bert.weights().tiedEmbeddings()).isTrue();
        assertThat(bert.norm().epsilon()).isEqualTo(1e-12f);
        assertThat(bert.languageObjective()).isEqualTo(Objective.MASKED_LM);
        assertThat(read(DISTILBERT).dropout()).isEqualTo(new DropoutRates(0.1f, 0.1f, 0f, 0.1f, 0.2f));
        assertThat(read(DISTILBERT).sizes().positions()).isEqualTo(512);
        TransformerConfig gpt2 = read(GPT2);
        assertThat(gpt2.sizes().intermediate()).isEqualTo(48);
        assertThat(gpt2.dropout()).isEqualTo(new DropoutRates(0.1f, 0.1f, 0.1f, 0.1f, 0f));
        assertThat(gpt2.feedForward().activation()).isEqualTo(Activation.GELU_TANH);
        TransformerConfig llama = read(LLAMA);
        assertThat(llama.dropout()).isEqualTo(new DropoutRates(0f, 0f, 0f, 0f, 0f));
        assertThat(llama.weights().tiedEmbeddings()).isFalse();
        assertThat(llama.attention().keyValueHeads()).isEqualTo(3);
        assertThat(llama.attention().headSize()).isEqualTo(4);
        assertThat(llama.attention().ropeTheta()).hasValue(10_000);
    }

    @Test
    void keysThatArePresentCount() throws CheckpointException {
        assertThat(read(BERT + ",\"hidden_dropout_prob\":0.2,\"attention_probs_dropout_prob\":0.3")
                        .dropout())
                .isEqualTo(new DropoutRates(0.2f, 0.3f, 0.2f, 0.2f, 0.2f));
        assertThat(read(BERT + ",\"classifier_dropout\":0.4").dropout().classifier())
                .isEqualTo(0.4f);
        assertThat(read(GPT2 + ",\"embd_pdrop\":0.2,\"attn_pdrop\":0.3,\"resid_pdrop\":0.4")
                        .dropout())
                .isEqualTo(new DropoutRates(0.2f, 0.3f, 0.4f, 0.4f, 0f));
        assertThat(read(LLAMA + ",\"rope_theta\":500.0").attention().ropeTheta())
                .hasValue(500);
        assertThat(read(LLAMA + ",\"rope_parameters\":{\"rope_theta\":700.0,\"rope_type\":\"default\"}")
                        .attention()
                        .ropeTheta())
                .hasValue(700);
        assertThat(read(LLAMA + ",\"head_dim\":8").attention().queryWidth()).isEqualTo(24);
        assertThat(read(LLAMA + ",\"num_key_value_heads\":1").attention().keyWidth())
                .isEqualTo(4);
        assertThat(read(LLAMA + ",\"attention_bias\":true,\"mlp_bias\":true")
                        .attention()
                        .bias())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bert|hidden_act|\"quick_gelu\"|gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, silu, swish, relu, tanh",
                "bert|position_embedding_type|\"relative_key\"|\"absolute\"",
                "bert|is_decoder|true|false",
                "gpt2|scale_attn_by_inverse_layer_idx|true|false",
                "gpt2|scale_attn_weights|false|true",
                "gpt2|add_cross_attention|true|false",
                "llama|hidden_act|\"gelu\"|silu",
                "llama|rope_scaling|{\"type\":\"linear\",\"factor\":2.0}|the plain rotary embedding",
                "llama|rope_parameters|{\"rope_type\":\"yarn\"}|the plain rotary embedding",
                "llama|num_key_value_heads|2|a divisor of the 3 attention heads",
            })
    void whatIsNotSupportedIsRefused(String family, String key, String value, String supported) {
        String base =
                switch (family) {
                    case "bert" -> BERT;
                    case "gpt2" -> GPT2;
                    default -> LLAMA;
                };
        assertThatThrownBy(() -> read("%s,\"%s\":%s".formatted(base, key, value)))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("Cannot use c.json: %s %s is not supported (supported: %s)", key, value, supported);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"hidden_size\":12|\"hidden_size\":\"12\"|Invalid hidden_size in c.json: \"12\" (an integer is needed)",
                "\"hidden_size\":12|\"hidden_size\":0|Invalid hidden_size in c.json: 0 (1 or more is needed)",
                "\"hidden_size\":12|\"hidden_size\":null|Cannot read c.json: the key hidden_size is missing",
                "_heads\":3|_heads\":5|Invalid num_attention_heads in c.json: 5 (a divisor of the width 12 is needed)",
                "\"model_type\":\"bert\"|\"model_type\":\"t5\"|Cannot use c.json: model_type \"t5\" is not supported"
                        + " (supported: bert, distilbert, gpt2, llama)",
                "\"model_type\":\"bert\"|\"model_type\":7|Invalid model_type in c.json: 7 (a text is needed)",
                "{|{\"hidden_dropout_prob\":1.0,|Invalid hidden_dropout_prob in c.json: 1.0"
                        + " (a probability below 1 is needed)",
                "{|{\"layer_norm_eps\":0,|Invalid layer_norm_eps in c.json: 0 (a number above 0 is needed)",
                "{|{\"layer_norm_eps\":\"x\",|Invalid layer_norm_eps in c.json: \"x\" (a number is needed)",
                "{|{\"tie_word_embeddings\":1,|Invalid tie_word_embeddings in c.json: 1 (true or false is needed)",
            })
    void wrongValuesAreNamed(String right, String wrong, String message) {
        String json = ("{" + BERT + "}").replace(right, wrong);
        assertThatThrownBy(() -> readWhole(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"a\":", "x"})
    void whatIsNoJsonObjectIsRefused(String text) {
        assertThatThrownBy(() -> readWhole(text))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("Cannot read c.json: it is not ");
    }

    @ParameterizedTest
    @CsvSource({
        "bert, embeddings.LayerNorm.gamma, bert.embeddings.LayerNorm.weight",
        "bert, bert.encoder.layer.0.output.LayerNorm.beta, bert.encoder.layer.0.output.LayerNorm.bias",
        "bert, pooler.dense.weight, bert.pooler.dense.weight",
        "bert, cls.predictions.transform.LayerNorm.gamma, cls.predictions.transform.LayerNorm.weight",
        "bert, cls.predictions.decoder.bias, cls.predictions.bias",
        "bert, classifier.weight, classifier.weight",
        "distilbert, transformer.layer.1.ffn.lin1.weight, distilbert.transformer.layer.1.ffn.lin1.weight",
        "distilbert, embeddings.LayerNorm.weight, distilbert.embeddings.LayerNorm.weight",
        "gpt2, wte.weight, transformer.wte.weight",
        "gpt2, h.11.attn.c_attn.bias, transformer.h.11.attn.c_attn.bias",
        "gpt2, lm_head.weight, lm_head.weight",
        "llama, layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
        "llama, norm.weight, model.norm.weight",
    })
    void oldNamesAreUnderstood(String family, String stored, String canonical) {
        assertThat(ModelFamilies.all().get(family).canonicalName(stored)).isEqualTo(canonical);
        assertThat(ModelFamilies.all().get(family).canonicalName(canonical)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, bert.embeddings.position_ids, true",
        "bert, bert.embeddings.position_embeddings.weight, false",
        "gpt2, transformer.h.3.attn.bias, true",
        "gpt2, transformer.h.3.attn.masked_bias, true",
        "gpt2, transformer.h.3.attn.c_attn.bias, false",
        "llama, model.layers.0.self_attn.rotary_emb.inv_freq, true",
    })
    void constantsAreKnown(String family, String name, boolean constant) {
        assertThat(ModelFamilies.all().get(family).isBuffer(name)).isEqualTo(constant);
    }

    @Test
    void aTaskHasLabelsExactlyIfItClassifies() {
        assertThat(new TaskHead(Objective.SEQUENCE_CLASSIFICATION, List.of("a", "b")).labels())
                .hasSize(2);
        assertThatThrownBy(() -> new TaskHead(Objective.SEQUENCE_CLASSIFICATION, List.of("a")))
                .hasMessage("Invalid labels for SEQUENCE_CLASSIFICATION: [a] (two or more are needed)");
        assertThatThrownBy(() -> new TaskHead(Objective.CAUSAL_LM, List.of("a")))
                .hasMessage("Invalid labels for CAUSAL_LM: [a] (it has none)");
        assertThatThrownBy(() -> new TaskHead(Objective.SEQUENCE_CLASSIFICATION, List.of("a", "a")))
                .hasMessage("Invalid labels: [a, a] (a name appears twice)");
    }

    private static TransformerConfig read(String members) throws CheckpointException {
        return readWhole("{" + members + "}");
    }

    private static TransformerConfig readWhole(String text) throws CheckpointException {
        ConfigJson json = ConfigJson.parse(text.getBytes(StandardCharsets.UTF_8), "c.json");
        return ModelFamilies.of(json).read(json);
    }
}

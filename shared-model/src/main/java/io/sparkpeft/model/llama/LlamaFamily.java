package io.sparkpeft.model.llama;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ConfigJson;
import io.sparkpeft.model.architecture.ModelFamily;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.TensorNames;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.architecture.TransformerConfig.NormKind;
import io.sparkpeft.model.architecture.TransformerConfig.NormPlace;
import io.sparkpeft.model.architecture.TransformerConfig.PooledToken;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.param.TensorKind;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Llama: Touvron et al. 2023, arXiv 2302.13971 and 2307.09288. */
public final class LlamaFamily implements ModelFamily {
    private static final Pattern WITHOUT_PREFIX = Pattern.compile("(embed_tokens|layers|norm)\\..*");
    private static final String LAYER = "model.layers.%d.";
    private static final TensorNames NAMES = new TensorNames(
            "model.",
            Map.ofEntries(
                    Map.entry(Part.TOKENS, "model.embed_tokens"),
                    Map.entry(Part.ATTENTION_NORM, LAYER + "input_layernorm"),
                    Map.entry(Part.QUERY, LAYER + "self_attn.q_proj"),
                    Map.entry(Part.KEY, LAYER + "self_attn.k_proj"),
                    Map.entry(Part.VALUE, LAYER + "self_attn.v_proj"),
                    Map.entry(Part.ATTENTION_OUTPUT, LAYER + "self_attn.o_proj"),
                    Map.entry(Part.FEED_FORWARD_NORM, LAYER + "post_attention_layernorm"),
                    Map.entry(Part.GATE, LAYER + "mlp.gate_proj"),
                    Map.entry(Part.UP, LAYER + "mlp.up_proj"),
                    Map.entry(Part.DOWN, LAYER + "mlp.down_proj"),
                    Map.entry(Part.FINAL_NORM, "model.norm"),
                    Map.entry(Part.CLASSIFIER, "score"),
                    Map.entry(Part.DECODER, "lm_head")),
            Map.of());

    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public TransformerConfig read(ConfigJson json) throws CheckpointException {
        int hidden = json.count("hidden_size");
        int heads = json.count("num_attention_heads");
        int keyValueHeads = json.count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw json.unsupported("num_key_value_heads", "a divisor of the %d attention heads".formatted(heads));
        }
        int headSize =
                json.has("head_dim") ? json.count("head_dim") : hidden / json.headsOf("num_attention_heads", hidden);
        if (json.activation("hidden_act", "silu") != Activation.SILU) {
            throw json.unsupported("hidden_act", "silu");
        }
        if (headSize % 2 != 0) {
            throw json.unsupported("head_dim", "an even number, rotary positions turn pairs");
        }
        return new TransformerConfig(
                new TransformerConfig.Sizes(
                        hidden,
                        json.count("num_hidden_layers"),
                        json.count("intermediate_size"),
                        json.count("vocab_size"),
                        json.count("max_position_embeddings"),
                        0),
                new TransformerConfig.Attention(
                        heads,
                        keyValueHeads,
                        headSize,
                        true,
                        json.flag("attention_bias", false),
                        OptionalDouble.of(ropeTheta(json))),
                new TransformerConfig.Norm(NormKind.RMS, NormPlace.BEFORE, json.positive("rms_norm_eps", 1e-6)),
                new TransformerConfig.FeedForward(Activation.SILU, true, json.flag("mlp_bias", false)),
                new TransformerConfig.Classifier(PooledToken.LAST, Activation.TANH, false),
                new TransformerConfig.DropoutRates(0f, json.probability("attention_dropout", 0), 0f, 0f, 0f),
                new TransformerConfig.Weights(
                        TensorKind.LINEAR,
                        json.flag("tie_word_embeddings", false),
                        json.positive("initializer_range", 0.02)));
    }

    /** The base of the rotary embedding: a key of its own in older files, inside rope_parameters in newer ones. */
    private static double ropeTheta(ConfigJson json) throws CheckpointException {
        for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
            JsonNode parameters = json.node(key);
            String type =
                    parameters.path("rope_type").asText(parameters.path("type").asText("default"));
            if (!type.equals("default")
                    || parameters.path("partial_rotary_factor").asDouble(1) != 1) {
                throw json.unsupported(key, "the plain rotary embedding");
            }
        }
        JsonNode theta = json.node("rope_parameters").path("rope_theta");
        return theta.isNumber() ? theta.doubleValue() : json.positive("rope_theta", 10_000);
    }

    @Override
    public TensorNames names() {
        return NAMES;
    }

    @Override
    public String canonicalName(String stored) {
        return WITHOUT_PREFIX.matcher(stored).matches() ? "model." + stored : stored;
    }

    @Override
    public boolean isBuffer(String canonicalName) {
        return canonicalName.endsWith(".rotary_emb.inv_freq");
    }

    @Override
    public String architecture(Objective objective) {
        return objective == Objective.SEQUENCE_CLASSIFICATION ? "LlamaForSequenceClassification" : "LlamaForCausalLM";
    }
}

package io.sparkpeft.model.gpt2;

import com.fasterxml.jackson.databind.node.BooleanNode;
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

/** GPT-2: Radford et al. 2019, "Language models are unsupervised multitask learners". */
public final class Gpt2Family implements ModelFamily {
    private static final Pattern WITHOUT_PREFIX = Pattern.compile("(wte|wpe|h|ln_f)\\..*");
    private static final Pattern BUFFER = Pattern.compile("transformer\\.h\\.\\d+\\.attn\\.(bias|masked_bias)");
    private static final String LAYER = "transformer.h.%d.";
    private static final TensorNames NAMES = new TensorNames(
            "transformer.",
            Map.ofEntries(
                    Map.entry(Part.TOKENS, "transformer.wte"),
                    Map.entry(Part.POSITIONS, "transformer.wpe"),
                    Map.entry(Part.ATTENTION_NORM, LAYER + "ln_1"),
                    Map.entry(Part.QUERY_KEY_VALUE, LAYER + "attn.c_attn"),
                    Map.entry(Part.ATTENTION_OUTPUT, LAYER + "attn.c_proj"),
                    Map.entry(Part.FEED_FORWARD_NORM, LAYER + "ln_2"),
                    Map.entry(Part.UP, LAYER + "mlp.c_fc"),
                    Map.entry(Part.DOWN, LAYER + "mlp.c_proj"),
                    Map.entry(Part.FINAL_NORM, "transformer.ln_f"),
                    Map.entry(Part.CLASSIFIER, "score"),
                    Map.entry(Part.DECODER, "lm_head")),
            Map.of());

    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public TransformerConfig read(ConfigJson json) throws CheckpointException {
        json.require("scale_attn_weights", BooleanNode.TRUE);
        json.require("scale_attn_by_inverse_layer_idx", BooleanNode.FALSE);
        json.require("add_cross_attention", BooleanNode.FALSE);
        int hidden = json.count("n_embd");
        int heads = json.headsOf("n_head", hidden);
        float residualDropout = json.probability("resid_pdrop", 0.1);
        return new TransformerConfig(
                new TransformerConfig.Sizes(
                        hidden,
                        json.count("n_layer"),
                        json.count("n_inner", 4 * hidden),
                        json.count("vocab_size"),
                        json.count("n_positions"),
                        0),
                new TransformerConfig.Attention(heads, heads, hidden / heads, true, true, OptionalDouble.empty()),
                new TransformerConfig.Norm(NormKind.LAYER, NormPlace.BEFORE, json.positive("layer_norm_epsilon", 1e-5)),
                new TransformerConfig.FeedForward(json.activation("activation_function", "gelu_new"), false, true),
                new TransformerConfig.Classifier(PooledToken.LAST, Activation.TANH, false),
                new TransformerConfig.DropoutRates(
                        json.probability("embd_pdrop", 0.1),
                        json.probability("attn_pdrop", 0.1),
                        residualDropout,
                        residualDropout,
                        0f),
                new TransformerConfig.Weights(
                        TensorKind.CONV1D,
                        json.flag("tie_word_embeddings", true),
                        json.positive("initializer_range", 0.02)));
    }

    @Override
    public TensorNames names() {
        return NAMES;
    }

    @Override
    public String canonicalName(String stored) {
        return WITHOUT_PREFIX.matcher(stored).matches() ? "transformer." + stored : stored;
    }

    @Override
    public boolean isBuffer(String canonicalName) {
        return BUFFER.matcher(canonicalName).matches();
    }

    @Override
    public String architecture(Objective objective) {
        return objective == Objective.SEQUENCE_CLASSIFICATION ? "GPT2ForSequenceClassification" : "GPT2LMHeadModel";
    }
}

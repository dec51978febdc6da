package io.sparkpeft.model.bert;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

/** BERT: Devlin et al. 2018, arXiv 1810.04805. */
public final class BertFamily implements ModelFamily {
    private static final String LAYER = "bert.encoder.layer.%d.";
    private static final TensorNames NAMES = new TensorNames(
            "bert.",
            Map.ofEntries(
                    Map.entry(Part.TOKENS, "bert.embeddings.word_embeddings"),
                    Map.entry(Part.POSITIONS, "bert.embeddings.position_embeddings"),
                    Map.entry(Part.TOKEN_TYPES, "bert.embeddings.token_type_embeddings"),
                    Map.entry(Part.EMBEDDING_NORM, "bert.embeddings.LayerNorm"),
                    Map.entry(Part.ATTENTION_NORM, LAYER + "attention.output.LayerNorm"),
                    Map.entry(Part.QUERY, LAYER + "attention.self.query"),
                    Map.entry(Part.KEY, LAYER + "attention.self.key"),
                    Map.entry(Part.VALUE, LAYER + "attention.self.value"),
                    Map.entry(Part.ATTENTION_OUTPUT, LAYER + "attention.output.dense"),
                    Map.entry(Part.FEED_FORWARD_NORM, LAYER + "output.LayerNorm"),
                    Map.entry(Part.UP, LAYER + "intermediate.dense"),
                    Map.entry(Part.DOWN, LAYER + "output.dense"),
                    Map.entry(Part.POOLER, "bert.pooler.dense"),
                    Map.entry(Part.CLASSIFIER, "classifier"),
                    Map.entry(Part.LM_TRANSFORM, "cls.predictions.transform.dense"),
                    Map.entry(Part.LM_NORM, "cls.predictions.transform.LayerNorm"),
                    Map.entry(Part.DECODER, "cls.predictions.decoder")),
            Map.of("cls.predictions.decoder.bias", "cls.predictions.bias"));

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public TransformerConfig read(ConfigJson json) throws CheckpointException {
        json.require("position_embedding_type", TextNode.valueOf("absolute"));
        json.require("is_decoder", BooleanNode.FALSE);
        json.require("add_cross_attention", BooleanNode.FALSE);
        int hidden = json.count("hidden_size");
        int heads = json.headsOf("num_attention_heads", hidden);
        float hiddenDropout = json.probability("hidden_dropout_prob", 0.1);
        return new TransformerConfig(
                new TransformerConfig.Sizes(
                        hidden,
                        json.count("num_hidden_layers"),
                        json.count("intermediate_size"),
                        json.count("vocab_size"),
                        json.count("max_position_embeddings"),
                        json.count("type_vocab_size", 2)),
                new TransformerConfig.Attention(heads, heads, hidden / heads, false, true, OptionalDouble.empty()),
                new TransformerConfig.Norm(NormKind.LAYER, NormPlace.AFTER, json.positive("layer_norm_eps", 1e-12)),
                new TransformerConfig.FeedForward(json.activation("hidden_act", "gelu"), false, true),
                new TransformerConfig.Classifier(PooledToken.FIRST, Activation.TANH, true),
                new TransformerConfig.DropoutRates(
                        hiddenDropout,
                        json.probability("attention_probs_dropout_prob", 0.1),
                        hiddenDropout,
                        hiddenDropout,
                        json.probability("classifier_dropout", hiddenDropout)),
                new TransformerConfig.Weights(
                        TensorKind.LINEAR,
                        json.flag("tie_word_embeddings", true),
                        json.positive("initializer_range", 0.02)));
    }

    @Override
    public TensorNames names() {
        return NAMES;
    }

    @Override
    public String canonicalName(String stored) {
        String name = stored.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
                .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
        if (name.startsWith("embeddings.") || name.startsWith("encoder.") || name.startsWith("pooler.")) {
            return "bert." + name;
        }
        return name.equals("cls.predictions.decoder.bias") ? "cls.predictions.bias" : name;
    }

    @Override
    public boolean isBuffer(String canonicalName) {
        return canonicalName.equals("bert.embeddings.position_ids")
                || canonicalName.equals("bert.embeddings.token_type_ids");
    }

    @Override
    public String architecture(Objective objective) {
        return objective == Objective.SEQUENCE_CLASSIFICATION ? "BertForSequenceClassification" : "BertForMaskedLM";
    }
}

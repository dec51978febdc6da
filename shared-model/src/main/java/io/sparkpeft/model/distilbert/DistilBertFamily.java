package io.sparkpeft.model.distilbert;

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

/** DistilBERT: Sanh et al. 2019, arXiv 1910.01108. BERT without token types and pooler. */
public final class DistilBertFamily implements ModelFamily {
    /** DistilBERT's normalisation has a fixed epsilon. */
    private static final float EPSILON = 1e-12f;

    private static final String LAYER = "distilbert.transformer.layer.%d.";
    private static final TensorNames NAMES = new TensorNames(
            "distilbert.",
            Map.ofEntries(
                    Map.entry(Part.TOKENS, "distilbert.embeddings.word_embeddings"),
                    Map.entry(Part.POSITIONS, "distilbert.embeddings.position_embeddings"),
                    Map.entry(Part.EMBEDDING_NORM, "distilbert.embeddings.LayerNorm"),
                    Map.entry(Part.ATTENTION_NORM, LAYER + "sa_layer_norm"),
                    Map.entry(Part.QUERY, LAYER + "attention.q_lin"),
                    Map.entry(Part.KEY, LAYER + "attention.k_lin"),
                    Map.entry(Part.VALUE, LAYER + "attention.v_lin"),
                    Map.entry(Part.ATTENTION_OUTPUT, LAYER + "attention.out_lin"),
                    Map.entry(Part.FEED_FORWARD_NORM, LAYER + "output_layer_norm"),
                    Map.entry(Part.UP, LAYER + "ffn.lin1"),
                    Map.entry(Part.DOWN, LAYER + "ffn.lin2"),
                    Map.entry(Part.PRE_CLASSIFIER, "pre_classifier"),
                    Map.entry(Part.CLASSIFIER, "classifier"),
                    Map.entry(Part.LM_TRANSFORM, "vocab_transform"),
                    Map.entry(Part.LM_NORM, "vocab_layer_norm"),
                    Map.entry(Part.DECODER, "vocab_projector")),
            Map.of());

    @Override
    public String modelType() {
        return "distilbert";
    }

    @Override
    public TransformerConfig read(ConfigJson json) throws CheckpointException {
        int hidden = json.count("dim");
        int heads = json.headsOf("n_heads", hidden);
        float dropout = json.probability("dropout", 0.1);
        return new TransformerConfig(
                new TransformerConfig.Sizes(
                        hidden,
                        json.count("n_layers"),
                        json.count("hidden_dim"),
                        json.count("vocab_size"),
                        json.count("max_position_embeddings", 512),
                        0),
                new TransformerConfig.Attention(heads, heads, hidden / heads, false, true, OptionalDouble.empty()),
                new TransformerConfig.Norm(NormKind.LAYER, NormPlace.AFTER, EPSILON),
                new TransformerConfig.FeedForward(json.activation("activation", "gelu"), false, true),
                new TransformerConfig.Classifier(PooledToken.FIRST, Activation.RELU, true),
                new TransformerConfig.DropoutRates(
                        dropout,
                        json.probability("attention_dropout", 0.1),
                        0f,
                        dropout,
                        json.probability("seq_classif_dropout", 0.2)),
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
        return name.startsWith("embeddings.") || name.startsWith("transformer.") ? "distilbert." + name : name;
    }

    @Override
    public boolean isBuffer(String canonicalName) {
        return canonicalName.equals("distilbert.embeddings.position_ids");
    }

    @Override
    public String architecture(Objective objective) {
        return objective == Objective.SEQUENCE_CLASSIFICATION
                ? "DistilBertForSequenceClassification"
                : "DistilBertForMaskedLM";
    }
}

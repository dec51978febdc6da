package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.Part;
import io.sparkpeft.model.architecture.Slot;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.architecture.TransformerConfig.NormKind;
import io.sparkpeft.model.layer.Embeddings;
import io.sparkpeft.model.layer.Linear;
import io.sparkpeft.model.layer.Normalisation;
import io.sparkpeft.model.layer.Projection;
import io.sparkpeft.model.layer.TokenTable;
import io.sparkpeft.model.layer.Weight;
import io.sparkpeft.model.layer.block.AttentionBlock;
import io.sparkpeft.model.layer.block.FeedForwardBlock;
import io.sparkpeft.model.layer.block.PredictionHead;
import io.sparkpeft.model.layer.block.ResidualBlock;
import io.sparkpeft.model.weights.ModelWeights;
import io.sparkpeft.param.TensorKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts the layers of a model together. Every dropout of the network gets a number of its own. */
final class NetworkBuilder {
    private static final int SITES_PER_LAYER = 3;

    private final ModelDefinition definition;
    private final TransformerConfig config;
    private final ModelWeights weights;
    private final Tensor zeros;

    /**
     * @param weights of the layers
     * @param zeros a row of zeros as wide as the residual stream
     */
    NetworkBuilder(ModelDefinition definition, ModelWeights weights, Tensor zeros) {
        this.definition = definition;
        this.config = definition.config();
        this.weights = weights;
        this.zeros = zeros;
    }

    Network build() {
        List<ResidualBlock> blocks = new ArrayList<>();
        for (int layer = 0; layer < config.sizes().layers(); layer++) {
            blocks.add(attention(layer));
            blocks.add(feedForward(layer));
        }
        Optional<Normalisation> finalNorm =
                definition.has(Part.FINAL_NORM) ? Optional.of(norm(Part.FINAL_NORM, 0)) : Optional.empty();
        Map<Objective, PredictionHead> heads = new EnumMap<>(Objective.class);
        if (definition.has(Part.CLASSIFIER)) {
            heads.put(Objective.SEQUENCE_CLASSIFICATION, classifier());
        }
        if (definition.hasLanguageHead()) {
            heads.put(config.languageObjective(), languageHead());
        }
        return new Network(
                embeddings(), blocks, finalNorm, heads, config.sizes().hidden());
    }

    private Embeddings embeddings() {
        Optional<Normalisation> norm =
                definition.has(Part.EMBEDDING_NORM) ? Optional.of(norm(Part.EMBEDDING_NORM, 0)) : Optional.empty();
        return new Embeddings(
                new Embeddings.Tables(
                        new TokenTable(weight(Part.TOKENS, 0)),
                        find(Slot.weight(Part.POSITIONS, 0)).map(TokenTable::new),
                        find(Slot.weight(Part.TOKEN_TYPES, 0)).map(TokenTable::new)),
                norm,
                config.dropout().embedding(),
                0);
    }

    private ResidualBlock attention(int layer) {
        String name = "layer.%d.attention".formatted(layer);
        TransformerConfig.Attention attention = config.attention();
        boolean fused = find(Slot.weight(Part.QUERY_KEY_VALUE, layer)).isPresent();
        List<Part> parts = fused ? List.of(Part.QUERY_KEY_VALUE) : List.of(Part.QUERY, Part.KEY, Part.VALUE);
        Projection projection = new Projection(
                parts.stream().map(part -> body(part, layer)).toList(), attention.queryWidth(), attention.keyWidth());
        AttentionBlock block = new AttentionBlock(
                name,
                attention,
                projection,
                body(Part.ATTENTION_OUTPUT, layer),
                config.dropout().attention(),
                site(layer, 1));
        return new ResidualBlock(
                name,
                block,
                norm(Part.ATTENTION_NORM, layer),
                config.norm().place(),
                config.dropout().attentionOutput(),
                site(layer, 2));
    }

    private ResidualBlock feedForward(int layer) {
        String name = "layer.%d.feedForward".formatted(layer);
        Optional<Linear> gate = config.feedForward().gated() ? Optional.of(body(Part.GATE, layer)) : Optional.empty();
        FeedForwardBlock block = new FeedForwardBlock(
                name, config.feedForward().activation(), gate, body(Part.UP, layer), body(Part.DOWN, layer));
        return new ResidualBlock(
                name,
                block,
                norm(Part.FEED_FORWARD_NORM, layer),
                config.norm().place(),
                config.dropout().feedForwardOutput(),
                site(layer, 3));
    }

    private PredictionHead classifier() {
        Part dense = definition.has(Part.POOLER) ? Part.POOLER : Part.PRE_CLASSIFIER;
        Optional<PredictionHead.Transform> transform = definition.has(dense)
                ? Optional.of(new PredictionHead.Transform(
                        linear(dense), config.classifier().activation(), Optional.empty()))
                : Optional.empty();
        return new PredictionHead(
                transform,
                linear(Part.CLASSIFIER),
                false,
                config.dropout().classifier(),
                site(config.sizes().layers(), 1));
    }

    private PredictionHead languageHead() {
        Optional<PredictionHead.Transform> transform = definition.has(Part.LM_TRANSFORM)
                ? Optional.of(new PredictionHead.Transform(
                        linear(Part.LM_TRANSFORM),
                        config.feedForward().activation(),
                        Optional.of(norm(Part.LM_NORM, 0))))
                : Optional.empty();
        boolean tied = config.weights().tiedEmbeddings();
        Linear decoder =
                new Linear(weight(tied ? Part.TOKENS : Part.DECODER, 0), find(Slot.bias(Part.DECODER, 0)), false);
        return new PredictionHead(transform, decoder, tied, 0f, 0);
    }

    private Normalisation norm(Part part, int layer) {
        Weight weight = weight(part, layer);
        return config.norm().kind() == NormKind.RMS
                ? Normalisation.rootMeanSquare(weight, config.norm().epsilon())
                : Normalisation.layer(
                        weight,
                        find(Slot.bias(part, layer)),
                        zeros,
                        config.norm().epsilon());
    }

    /** A linear layer of the body. */
    private Linear body(Part part, int layer) {
        return new Linear(
                weight(part, layer),
                find(Slot.bias(part, layer)),
                config.weights().linearKind() == TensorKind.CONV1D);
    }

    /** A linear layer outside the layers. */
    private Linear linear(Part part) {
        return new Linear(weight(part, 0), find(Slot.bias(part, 0)), false);
    }

    private Weight weight(Part part, int layer) {
        return find(Slot.weight(part, layer)).orElseThrow();
    }

    private Optional<Weight> find(Slot slot) {
        OptionalInt index = definition.find(slot);
        return index.isEmpty() ? Optional.empty() : Optional.of(weights.weight(index.getAsInt()));
    }

    private static int site(int layer, int which) {
        return SITES_PER_LAYER * layer + which;
    }
}

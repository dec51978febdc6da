package io.sparkpeft.model.architecture;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.architecture.TransformerConfig.NormKind;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the tensors of a model for a task, from the bottom of the network to the top. What the task's loss reaches is
 * {@link TensorRole#BODY}; the task's own head is {@link TensorRole#HEAD}; the head of pre-training is kept beside a
 * classifier where the checkpoint has it, {@link TensorRole#FROZEN}, so that retention can be measured.
 */
public final class LayoutBuilder {
    private final ModelFamily family;
    private final TransformerConfig config;
    private final TaskHead task;
    private final Optional<Set<String>> stored;
    private final List<TensorSpec> tensors = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();

    /**
     * @param stored canonical names of the checkpoint's tensors; empty for a model with random weights
     */
    public LayoutBuilder(ModelFamily family, TransformerConfig config, TaskHead task, Optional<Set<String>> stored) {
        this.family = family;
        this.config = config;
        this.task = task;
        this.stored = stored;
    }

    public ModelDefinition build() {
        embeddings();
        for (int layer = 0; layer < config.sizes().layers(); layer++) {
            layer(layer);
        }
        if (names().has(Part.FINAL_NORM)) {
            norm(Part.FINAL_NORM, 0, TensorRole.BODY);
        }
        if (task.objective() == Objective.SEQUENCE_CLASSIFICATION) {
            classifier();
            if (isLanguageHeadStored()) {
                languageHead(TensorRole.FROZEN);
            }
        } else {
            if (names().has(Part.POOLER) && isStored(Part.POOLER)) {
                linear(Part.POOLER, 0, hidden(), hidden(), TensorRole.FROZEN);
            }
            languageHead(TensorRole.BODY);
        }
        return new ModelDefinition(family, config, task, new ParameterLayout(tensors), slots);
    }

    private void embeddings() {
        TransformerConfig.Sizes sizes = config.sizes();
        table(Part.TOKENS, sizes.vocabulary());
        if (names().has(Part.POSITIONS)) {
            table(Part.POSITIONS, sizes.positions());
        }
        if (sizes.tokenTypes() > 0) {
            table(Part.TOKEN_TYPES, sizes.tokenTypes());
        }
        if (names().has(Part.EMBEDDING_NORM)) {
            norm(Part.EMBEDDING_NORM, 0, TensorRole.BODY);
        }
    }

    private void layer(int layer) {
        TransformerConfig.Attention attention = config.attention();
        boolean bias = attention.bias();
        norm(Part.ATTENTION_NORM, layer, TensorRole.BODY);
        if (names().has(Part.QUERY_KEY_VALUE)) {
            int width = attention.queryWidth() + 2 * attention.keyWidth();
            body(Part.QUERY_KEY_VALUE, layer, width, hidden(), bias);
        } else {
            body(Part.QUERY, layer, attention.queryWidth(), hidden(), bias);
            body(Part.KEY, layer, attention.keyWidth(), hidden(), bias);
            body(Part.VALUE, layer, attention.keyWidth(), hidden(), bias);
        }
        body(Part.ATTENTION_OUTPUT, layer, hidden(), attention.queryWidth(), bias);
        norm(Part.FEED_FORWARD_NORM, layer, TensorRole.BODY);
        int intermediate = config.sizes().intermediate();
        boolean feedForwardBias = config.feedForward().bias();
        if (config.feedForward().gated()) {
            body(Part.GATE, layer, intermediate, hidden(), feedForwardBias);
        }
        body(Part.UP, layer, intermediate, hidden(), feedForwardBias);
        body(Part.DOWN, layer, hidden(), intermediate, feedForwardBias);
    }

    private void classifier() {
        if (names().has(Part.POOLER)) {
            boolean pretrained = stored.isEmpty() || isStored(Part.POOLER);
            linear(Part.POOLER, 0, hidden(), hidden(), pretrained ? TensorRole.BODY : TensorRole.HEAD);
        }
        if (names().has(Part.PRE_CLASSIFIER)) {
            linear(Part.PRE_CLASSIFIER, 0, hidden(), hidden(), TensorRole.HEAD);
        }
        int labels = task.labels().size();
        add(Slot.weight(Part.CLASSIFIER, 0), labels, hidden(), TensorKind.LINEAR, TensorRole.HEAD);
        if (config.classifier().bias()) {
            add(Slot.bias(Part.CLASSIFIER, 0), 1, labels, TensorKind.VECTOR, TensorRole.HEAD);
        }
    }

    private boolean isLanguageHeadStored() {
        return names().has(Part.LM_TRANSFORM)
                ? isStored(Part.LM_TRANSFORM)
                : !config.weights().tiedEmbeddings() && isStored(Part.DECODER);
    }

    private void languageHead(TensorRole role) {
        int vocabulary = config.sizes().vocabulary();
        boolean transform = names().has(Part.LM_TRANSFORM);
        if (transform) {
            linear(Part.LM_TRANSFORM, 0, hidden(), hidden(), role);
            norm(Part.LM_NORM, 0, role);
        }
        if (!config.weights().tiedEmbeddings()) {
            add(Slot.weight(Part.DECODER, 0), vocabulary, hidden(), TensorKind.LINEAR, role);
        }
        if (transform) {
            add(Slot.bias(Part.DECODER, 0), 1, vocabulary, TensorKind.VECTOR, role);
        }
    }

    private void table(Part part, int rows) {
        add(Slot.weight(part, 0), rows, hidden(), TensorKind.EMBEDDING, TensorRole.BODY);
    }

    private void norm(Part part, int layer, TensorRole role) {
        add(Slot.weight(part, layer), 1, hidden(), TensorKind.VECTOR, role);
        if (config.norm().kind() == NormKind.LAYER && isBiasStored(part)) {
            add(Slot.bias(part, layer), 1, hidden(), TensorKind.VECTOR, role);
        }
    }

    /** A linear layer of the body, stored as the family stores them. */
    private void body(Part part, int layer, int outputs, int inputs, boolean bias) {
        boolean turned = config.weights().linearKind() == TensorKind.CONV1D;
        add(
                Slot.weight(part, layer),
                turned ? inputs : outputs,
                turned ? outputs : inputs,
                config.weights().linearKind(),
                TensorRole.BODY);
        if (bias && isBiasStored(part)) {
            add(Slot.bias(part, layer), 1, outputs, TensorKind.VECTOR, TensorRole.BODY);
        }
    }

    /** A linear layer outside the layers, with a bias. */
    private void linear(Part part, int layer, int outputs, int inputs, TensorRole role) {
        add(Slot.weight(part, layer), outputs, inputs, TensorKind.LINEAR, role);
        add(Slot.bias(part, layer), 1, outputs, TensorKind.VECTOR, role);
    }

    private void add(Slot slot, int rows, int columns, TensorKind kind, TensorRole role) {
        tensors.add(new TensorSpec(names().name(slot), rows, columns, kind, role));
        slots.add(slot);
    }

    private boolean isStored(Part part) {
        return stored.isPresent() && stored.get().contains(names().weight(part));
    }

    /**
     * Whether the part has a bias: some checkpoints of a family that has biases lack one in all layers. Where they lack
     * the part altogether, the bias is missing too.
     */
    private boolean isBiasStored(Part part) {
        if (stored.isEmpty()) {
            return true;
        }
        boolean weights = false;
        for (int layer = 0; layer < config.sizes().layers(); layer++) {
            if (stored.get().contains(names().name(Slot.bias(part, layer)))) {
                return true;
            }
            weights |= stored.get().contains(names().name(Slot.weight(part, layer)));
        }
        return !weights;
    }

    private TensorNames names() {
        return family.names();
    }

    private int hidden() {
        return config.sizes().hidden();
    }
}

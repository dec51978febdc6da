package io.sparkpeft.model.architecture;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.model.Objective;
import io.sparkpeft.param.TensorKind;
import java.util.OptionalDouble;

/**
 * Everything that tells one transformer from another.
 *
 * @param sizes lengths of the axes
 * @param attention of every layer
 * @param norm of every layer
 * @param feedForward of every layer
 * @param classifier how a sequence is classified
 * @param dropout probabilities while training
 * @param weights how they are stored and begin
 */
public record TransformerConfig(
        Sizes sizes,
        Attention attention,
        Norm norm,
        FeedForward feedForward,
        Classifier classifier,
        DropoutRates dropout,
        Weights weights) {

    /**
     * @param hidden width of the residual stream
     * @param layers number of layers
     * @param intermediate width inside the feed-forward block
     * @param vocabulary number of tokens
     * @param positions longest sequence
     * @param tokenTypes number of segments, 0 where the model does not tell segments apart
     */
    public record Sizes(int hidden, int layers, int intermediate, int vocabulary, int positions, int tokenTypes) {}

    /**
     * @param heads query heads
     * @param keyValueHeads key and value heads
     * @param headSize width of one head
     * @param causal whether a position sees no later position
     * @param bias whether the projections have biases
     * @param ropeTheta base of the rotary position embedding; empty where positions are learned
     */
    public record Attention(
            int heads, int keyValueHeads, int headSize, boolean causal, boolean bias, OptionalDouble ropeTheta) {
        /** Width of all query heads. */
        public int queryWidth() {
            return heads * headSize;
        }

        /** Width of all key heads. */
        public int keyWidth() {
            return keyValueHeads * headSize;
        }
    }

    /** Which normalisation. */
    public enum NormKind {
        /** Mean and variance, with a bias. */
        LAYER,
        /** Root mean square, no bias. */
        RMS
    }

    /** Where normalisation stands. */
    public enum NormPlace {
        /** Before each block, inside the residual branch, and once at the end. */
        BEFORE,
        /** After each residual sum. */
        AFTER
    }

    /**
     * @param kind which normalisation
     * @param place where it stands
     * @param epsilon added to the variance
     */
    public record Norm(NormKind kind, NormPlace place, float epsilon) {}

    /**
     * @param activation between the two layers, of the gate where there is one
     * @param gated whether the product silu(gate)·up is taken
     * @param bias whether the linear layers have biases
     */
    public record FeedForward(Activation activation, boolean gated, boolean bias) {}

    /** Which position of a sequence the classifier reads. */
    public enum PooledToken {
        FIRST,
        LAST
    }

    /**
     * @param token whose hidden state is read
     * @param activation of the dense layer before the classifier, where the family has one
     * @param bias whether the classifier has a bias
     */
    public record Classifier(PooledToken token, Activation activation, boolean bias) {}

    /**
     * Dropout probabilities.
     *
     * @param embedding of the sum of embeddings
     * @param attention of the attention probabilities
     * @param attentionOutput of the attention block's result
     * @param feedForwardOutput of the feed-forward block's result
     * @param classifier before the classifier
     */
    public record DropoutRates(
            float embedding, float attention, float attentionOutput, float feedForwardOutput, float classifier) {}

    /**
     * @param linearKind how linear layers are stored
     * @param tiedEmbeddings whether the token embedding is the weight of the language-model head too
     * @param initializerRange standard deviation of random initial weights
     */
    public record Weights(TensorKind linearKind, boolean tiedEmbeddings, float initializerRange) {}

    /** What the model was pre-trained for: the language-model objective that its attention allows. */
    public Objective languageObjective() {
        return attention.causal() ? Objective.CAUSAL_LM : Objective.MASKED_LM;
    }
}

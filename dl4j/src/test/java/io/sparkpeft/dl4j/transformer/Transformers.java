package io.sparkpeft.dl4j.transformer;

import io.sparkpeft.model.Objective;
import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Graphs of a small transformer and a loss, with data of sequences that differ in length. */
final class Transformers {
    static final int LABELS = 2;
    static final int VOCABULARY = 23;
    private static final int LENGTH = 7;

    static final String BERT = """
            {"model_type": "bert", "vocab_size": 23, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
             "intermediate_size": 24, "max_position_embeddings": 12, "type_vocab_size": 2, "hidden_act": "gelu",
             "layer_norm_eps": 1e-12, "initializer_range": 0.2, "hidden_dropout_prob": DROPOUT,
             "attention_probs_dropout_prob": DROPOUT}
            """;
    static final String LLAMA = """
            {"model_type": "llama", "vocab_size": 23, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
             "num_key_value_heads": 1, "intermediate_size": 24, "max_position_embeddings": 12, "hidden_act": "silu",
             "rms_norm_eps": 1e-6, "initializer_range": 0.2, "tie_word_embeddings": true, "rope_theta": 10000.0}
            """;

    private Transformers() {}

    static String bert(double dropout) {
        return BERT.replace("DROPOUT", Double.toString(dropout));
    }

    static ComputationGraph classifier(double dropout, IUpdater updater) {
        return graph(new TransformerLayer(bert(dropout), Objective.SEQUENCE_CLASSIFICATION, LABELS), updater);
    }

    static ComputationGraph languageModel(IUpdater updater) {
        return graph(new TransformerLayer(LLAMA, Objective.CAUSAL_LM, 0), updater);
    }

    private static ComputationGraph graph(TransformerLayer transformer, IUpdater updater) {
        boolean language = transformer.objective().isLanguageModel();
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(updater)
                .graphBuilder()
                .addInputs("tokens")
                .addLayer("transformer", transformer, "tokens")
                .addLayer(
                        "loss",
                        language
                                ? new RnnLossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build()
                                : new LossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                        "transformer")
                .setOutputs("loss")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    static int length(int example) {
        return LENGTH - example % 4;
    }

    static int token(int example, int position) {
        return (int) (CounterRandom.uniform(5, example * 100L + position) * VOCABULARY);
    }

    /** Whether the first token is among the upper half of the vocabulary. */
    static int label(int example) {
        return token(example, 0) * 2 < VOCABULARY ? 0 : 1;
    }

    /** Single examples; a language model is to say each token again two places later, but for the first two. */
    static List<org.nd4j.linalg.dataset.api.MultiDataSet> examples(int count, boolean language) {
        List<org.nd4j.linalg.dataset.api.MultiDataSet> examples = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            INDArray tokens = Nd4j.valueArrayOf(new long[] {1, LENGTH}, -1f);
            INDArray mask = Nd4j.zeros(1, LENGTH);
            INDArray labels = language ? Nd4j.zeros(1, VOCABULARY, LENGTH) : Nd4j.zeros(1, LABELS);
            INDArray labelled = Nd4j.zeros(1, LENGTH);
            for (int p = 0; p < length(e); p++) {
                tokens.putScalar(0, p, token(e, p));
                mask.putScalar(0, p, 1);
                if (language && p >= 2) {
                    labels.putScalar(new int[] {0, token(e, p - 2), p}, 1);
                    labelled.putScalar(0, p, 1);
                }
            }
            if (!language) {
                labels.putScalar(0, label(e), 1);
            }
            examples.add(new MultiDataSet(
                    new INDArray[] {tokens},
                    new INDArray[] {labels},
                    new INDArray[] {mask},
                    language ? new INDArray[] {labelled} : null));
        }
        return examples;
    }

    static org.nd4j.linalg.dataset.api.MultiDataSet batch(int count, boolean language) {
        return MultiDataSet.merge(examples(count, language));
    }
}

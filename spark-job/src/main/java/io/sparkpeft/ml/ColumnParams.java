package io.sparkpeft.ml;

import java.io.Serializable;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params that name columns of texts and of scores, of one estimator or model. */
final class ColumnParams implements Serializable {
    private static final long serialVersionUID = 1L;

    static final String ERROR = "error";
    static final String SKIP = "skip";
    static final String KEEP = "keep";

    final Param<String> text;
    final Param<String> pair;
    final Param<String> prediction;
    final Param<String> predictedLabel;
    final Param<String> probability;
    final Param<String> crossEntropy;
    final Param<String> handleInvalid;

    ColumnParams(Params owner) {
        text = new Param<>(owner, "textCol", "Column of the text.");
        pair = new Param<>(owner, "pairCol", "Column of the second text of a pair; empty: single texts.");
        prediction = new Param<>(
                owner, "predictionCol", "Column for the number of the most probable class, as a double; empty: none.");
        predictedLabel =
                new Param<>(owner, "predictedLabelCol", "Column for the name of the most probable class; empty: none.");
        probability = new Param<>(
                owner,
                "probabilityCol",
                "Column for the vector of the classes' probabilities, in the order of the labels; empty: none.");
        crossEntropy = new Param<>(
                owner,
                "crossEntropyCol",
                "Column for a language model's cross-entropy of the text, in nats a token; empty: none.");
        handleInvalid = new Param<>(
                owner,
                "handleInvalid",
                "What becomes of a row without text: error, skip (it is left out) or keep (its scores are null).");
    }

    /** To be called when all params of the owner are there. */
    void setDefaults(Params owner) {
        owner.setDefault(text, "text");
        owner.setDefault(pair, "");
        owner.setDefault(prediction, "prediction");
        owner.setDefault(predictedLabel, "predictedLabel");
        owner.setDefault(probability, "probability");
        owner.setDefault(crossEntropy, "crossEntropy");
        owner.setDefault(handleInvalid, ERROR);
    }
}

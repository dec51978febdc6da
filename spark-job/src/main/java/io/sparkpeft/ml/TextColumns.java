package io.sparkpeft.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The params that a {@link SparseFineTuner} shares with the models it makes: which columns hold texts, and which are
 * added for scores. An output column of the name "" is left out.
 *
 * @param <S> the class itself
 */
public interface TextColumns<S extends TextColumns<S>> extends Params {
    Param<String> textCol();

    Param<String> pairCol();

    Param<String> predictionCol();

    Param<String> predictedLabelCol();

    Param<String> probabilityCol();

    Param<String> crossEntropyCol();

    Param<String> handleInvalid();

    /** This, for setters to return. */
    S self();

    default String getTextCol() {
        return getOrDefault(textCol());
    }

    default S setTextCol(String value) {
        set(textCol(), value);
        return self();
    }

    default String getPairCol() {
        return getOrDefault(pairCol());
    }

    default S setPairCol(String value) {
        set(pairCol(), value);
        return self();
    }

    default String getPredictionCol() {
        return getOrDefault(predictionCol());
    }

    default S setPredictionCol(String value) {
        set(predictionCol(), value);
        return self();
    }

    default String getPredictedLabelCol() {
        return getOrDefault(predictedLabelCol());
    }

    default S setPredictedLabelCol(String value) {
        set(predictedLabelCol(), value);
        return self();
    }

    default String getProbabilityCol() {
        return getOrDefault(probabilityCol());
    }

    default S setProbabilityCol(String value) {
        set(probabilityCol(), value);
        return self();
    }

    default String getCrossEntropyCol() {
        return getOrDefault(crossEntropyCol());
    }

    default S setCrossEntropyCol(String value) {
        set(crossEntropyCol(), value);
        return self();
    }

    default String getHandleInvalid() {
        return getOrDefault(handleInvalid());
    }

    default S setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return self();
    }
}

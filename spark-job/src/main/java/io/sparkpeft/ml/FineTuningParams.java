package io.sparkpeft.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The params of fine-tuning that are keys of a recipe. One that is set wins over the text of the param {@code recipe};
 * what is set in neither has the default of recipes.
 *
 * @param <S> the class itself
 */
public interface FineTuningParams<S extends FineTuningParams<S>> extends Params {
    Param<String> modelPath();

    DoubleParam sparsity();

    DoubleParam density();

    Param<String> criterion();

    DoubleParam genericWeight();

    StringArrayParam genericPaths();

    DoubleParam epochs();

    IntParam steps();

    IntParam batchSize();

    IntParam localSteps();

    DoubleParam learningRate();

    IntParam shards();

    LongParam seed();

    /** This, for setters to return. */
    S self();

    default String getModelPath() {
        return getOrDefault(modelPath());
    }

    default S setModelPath(String value) {
        set(modelPath(), value);
        return self();
    }

    default double getSparsity() {
        return (Double) getOrDefault(sparsity());
    }

    default S setSparsity(double value) {
        set(sparsity(), value);
        return self();
    }

    default double getDensity() {
        return (Double) getOrDefault(density());
    }

    default S setDensity(double value) {
        set(density(), value);
        return self();
    }

    default String getCriterion() {
        return getOrDefault(criterion());
    }

    default S setCriterion(String value) {
        set(criterion(), value);
        return self();
    }

    default double getGenericWeight() {
        return (Double) getOrDefault(genericWeight());
    }

    default S setGenericWeight(double value) {
        set(genericWeight(), value);
        return self();
    }

    default String[] getGenericPaths() {
        return getOrDefault(genericPaths());
    }

    default S setGenericPaths(String[] value) {
        set(genericPaths(), value);
        return self();
    }

    default double getEpochs() {
        return (Double) getOrDefault(epochs());
    }

    default S setEpochs(double value) {
        set(epochs(), value);
        return self();
    }

    default int getSteps() {
        return (Integer) getOrDefault(steps());
    }

    default S setSteps(int value) {
        set(steps(), value);
        return self();
    }

    default int getBatchSize() {
        return (Integer) getOrDefault(batchSize());
    }

    default S setBatchSize(int value) {
        set(batchSize(), value);
        return self();
    }

    default int getLocalSteps() {
        return (Integer) getOrDefault(localSteps());
    }

    default S setLocalSteps(int value) {
        set(localSteps(), value);
        return self();
    }

    default double getLearningRate() {
        return (Double) getOrDefault(learningRate());
    }

    default S setLearningRate(double value) {
        set(learningRate(), value);
        return self();
    }

    default int getShards() {
        return (Integer) getOrDefault(shards());
    }

    default S setShards(int value) {
        set(shards(), value);
        return self();
    }

    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    default S setSeed(long value) {
        set(seed(), value);
        return self();
    }
}

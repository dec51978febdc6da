package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Layer normalisation (Ba et al. 2016, arXiv 1607.06450) or root-mean-square normalisation (Zhang and Sennrich 2019,
 * arXiv 1910.07467). Remembers what the last forward pass was given, for backward.
 */
public abstract sealed class Normalisation {
    final Weight weight;
    final float epsilon;
    private final int statisticsWidth;
    Tensor input;
    Tensor statistics;

    private Normalisation(Weight weight, float epsilon, int statisticsWidth) {
        this.weight = weight;
        this.epsilon = epsilon;
        this.statisticsWidth = statisticsWidth;
        this.input = weight.tensor();
        this.statistics = weight.tensor();
    }

    /**
     * Layer normalisation.
     *
     * @param bias where the checkpoint has one
     * @param zeros stands for the bias where it has none
     */
    public static Normalisation layer(Weight weight, Optional<Weight> bias, Tensor zeros, float epsilon) {
        return new Layer(weight, bias, bias.map(Weight::tensor).orElse(zeros), epsilon);
    }

    /** Root-mean-square normalisation. */
    public static Normalisation rootMeanSquare(Weight weight, float epsilon) {
        return new RootMeanSquare(weight, epsilon);
    }

    public abstract List<Weight> weights();

    public void forward(Pass pass, Tensor newInput, Tensor output) {
        input = newInput;
        statistics = pass.take(newInput.rows(), statisticsWidth);
        normalise(pass.backend(), output);
    }

    /** Computes the output of the last forward pass once more. */
    public void again(Pass pass, Tensor output) {
        normalise(pass.backend(), output);
    }

    abstract void normalise(Backend backend, Tensor output);

    public abstract void inputGradient(Pass pass, Tensor outputGradient, Tensor inputGradient);

    public abstract void gradients(Pass pass, Rows rows, Tensor outputGradient);

    private static final class Layer extends Normalisation {
        private final Optional<Weight> bias;
        private final Tensor biasValues;

        Layer(Weight weight, Optional<Weight> bias, Tensor biasValues, float epsilon) {
            super(weight, epsilon, 2);
            this.bias = bias;
            this.biasValues = biasValues;
        }

        @Override
        public List<Weight> weights() {
            return bias.map(b -> List.of(weight, b)).orElse(List.of(weight));
        }

        @Override
        void normalise(Backend backend, Tensor output) {
            backend.layerNorm(input, weight.tensor(), biasValues, epsilon, statistics, output);
        }

        @Override
        public void inputGradient(Pass pass, Tensor outputGradient, Tensor inputGradient) {
            pass.backend().layerNormBackward(input, weight.tensor(), statistics, outputGradient, inputGradient);
        }

        @Override
        public void gradients(Pass pass, Rows rows, Tensor outputGradient) {
            Backend backend = pass.backend();
            pass.gradient(
                    weight,
                    rows,
                    (from, count, gradient) -> backend.layerNormWeightGradient(
                            backend.rows(input, from, count),
                            backend.rows(statistics, from, count),
                            backend.rows(outputGradient, from, count),
                            gradient));
            if (bias.isPresent()) {
                pass.gradient(
                        bias.get(),
                        rows,
                        (from, count, gradient) ->
                                backend.sumRows(backend.rows(outputGradient, from, count), gradient));
            }
        }
    }

    private static final class RootMeanSquare extends Normalisation {
        RootMeanSquare(Weight weight, float epsilon) {
            super(weight, epsilon, 1);
        }

        @Override
        public List<Weight> weights() {
            return List.of(weight);
        }

        @Override
        void normalise(Backend backend, Tensor output) {
            backend.rmsNorm(input, weight.tensor(), epsilon, statistics, output);
        }

        @Override
        public void inputGradient(Pass pass, Tensor outputGradient, Tensor inputGradient) {
            pass.backend().rmsNormBackward(input, weight.tensor(), statistics, outputGradient, inputGradient);
        }

        @Override
        public void gradients(Pass pass, Rows rows, Tensor outputGradient) {
            Backend backend = pass.backend();
            pass.gradient(
                    weight,
                    rows,
                    (from, count, gradient) -> backend.rmsNormWeightGradient(
                            backend.rows(input, from, count),
                            backend.rows(statistics, from, count),
                            backend.rows(outputGradient, from, count),
                            gradient));
        }
    }
}

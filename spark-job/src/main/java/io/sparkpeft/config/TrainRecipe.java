package io.sparkpeft.config;

import io.sparkpeft.config.bind.Range;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.model.Recompute;
import java.util.OptionalDouble;

/** How the chosen weights are tuned. */
public record TrainRecipe(
        TrainMode mode,
        @Range(min = 0, minAllowed = false) double epochs,
        @Range(min = 0) int steps,
        @Range(min = 1) int batchSize,
        @Range(min = 1) int localSteps,
        @Range(min = 0, minAllowed = false) double learningRate,
        @Range(min = 0, max = 1, maxAllowed = false) double beta1,
        @Range(min = 0, max = 1, maxAllowed = false) double beta2,
        @Range(min = 0, minAllowed = false) double epsilon,
        @Range(min = 0) double weightDecay,
        @Range(min = 0) double clipNorm,
        Schedule schedule,
        @Range(min = 0) int warmupSteps,
        @Range(min = 0, max = 1, maxAllowed = false) double warmupShare,
        Moments moments,
        Outer outer,
        @Range(min = 1) int microBatchTokens,
        Recompute recompute) {

    /** How the learning rate goes on after the warm-up. */
    public enum Schedule {
        LINEAR,
        COSINE,
        CONSTANT
    }

    /** What becomes of the inner optimiser's moments at the end of a round. */
    public enum Moments {
        /** They are averaged as the values are. */
        AVERAGE(2 * Float.BYTES),
        /** The same in bfloat16, rounded at random on shards and after averaging: half the bytes. */
        AVERAGE_BF16(Float.BYTES),
        /** Every round starts from 0. */
        RESET(0);

        private final int bytes;

        Moments(int bytes) {
            this.bytes = bytes;
        }

        /** Whether a round sends them. */
        public boolean areAveraged() {
            return bytes > 0;
        }

        /** Bytes of a weight's two moments in a round's message, at most. */
        public int bytes() {
            return bytes;
        }
    }

    /** The step taken with the averaged change of all shards; what is not set comes from the preset. */
    public record Outer(
            OuterPreset preset,
            @Range(min = 0, minAllowed = false) OptionalDouble learningRate,
            @Range(min = 0, max = 1, maxAllowed = false) OptionalDouble momentum) {

        public double effectiveLearningRate() {
            return learningRate.orElse(preset.learningRate);
        }

        /** Nesterov momentum; 0 is none. */
        public double effectiveMomentum() {
            return momentum.orElse(preset.momentum);
        }
    }

    /** Known settings of the outer step. */
    public enum OuterPreset {
        /** Plain averaging. */
        PLAIN(1, 0),
        /** Douillard et al. 2023, arXiv 2311.08105. */
        DILOCO(0.7, 0.9);

        private final double learningRate;
        private final double momentum;

        OuterPreset(double learningRate, double momentum) {
            this.learningRate = learningRate;
            this.momentum = momentum;
        }
    }

    TrainRecipe withMode(TrainMode other) {
        return new TrainRecipe(
                other,
                epochs,
                steps,
                batchSize,
                localSteps,
                learningRate,
                beta1,
                beta2,
                epsilon,
                weightDecay,
                clipNorm,
                schedule,
                warmupSteps,
                warmupShare,
                moments,
                outer,
                microBatchTokens,
                recompute);
    }
}

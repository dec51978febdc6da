package io.sparkpeft.dl4j.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.optim.Optimizer;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.random.CounterRandom;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The engine's optimisers of the k-vector do what DL4J's updaters do. */
class UpdatersTest {
    private static final int SIZE = 100;
    private static final int STEPS = 50;

    private static NetworkOptimizer optimizer(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(updater)
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(2).build())
                .build());
        network.init();
        return NetworkOptimizer.of(NetworkLayout.of(Network.of(network), List.of()));
    }

    static List<Arguments> updaters() {
        return List.of(
                Arguments.of(new Sgd(0.1), 0f),
                Arguments.of(new Nesterovs(0.1, 0.9), 0f),
                Arguments.of(new Adam(0.01), 1e-5f),
                Arguments.of(new Nadam(0.01), 1e-5f),
                Arguments.of(new AdaMax(0.01), 1e-5f),
                Arguments.of(new RmsProp(0.01), 1e-5f),
                Arguments.of(new AdaGrad(0.1), 1e-5f));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void fiftyStepsComeToTheSame(IUpdater updater, float tolerance) {
        INDArray expected = Nd4j.create(1, SIZE);
        float[] values = new float[SIZE];
        long length = updater.stateSize(SIZE);
        GradientUpdater<?> theirs =
                updater.instantiate(length == 0 ? null : Nd4j.create(1, Math.toIntExact(length)), true);
        NetworkOptimizer ours = optimizer(updater);
        OptimizerState state = OptimizerState.zeros(SIZE);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = gradient(step);
            INDArray update = Nd4j.create(new float[][] {gradient});
            theirs.applyUpdater(update, step, 0);
            expected.subi(update);
            Optimizer.of(ours.settings()).step(values, gradient, state, ours.settings(), ours.rate(step, 0), step + 1);
        }
        float[] wanted = expected.toFloatVector();
        float largest = 0;
        for (int i = 0; i < SIZE; i++) {
            largest = Math.max(largest, Math.abs(values[i] - wanted[i]) / Math.max(1e-3f, Math.abs(wanted[i])));
        }
        System.out.printf(
                "%s: largest relative difference %.2g%n", updater.getClass().getSimpleName(), largest);
        assertThat(largest).isLessThanOrEqualTo(tolerance);
        assertThat(expected.normmaxNumber().floatValue()).isGreaterThan(0.01f);
    }

    /** Of very different sizes from weight to weight. */
    private static float[] gradient(int step) {
        float[] gradient = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            gradient[i] = (float) (Math.pow(10, -(i % 5)) * (0.3 + CounterRandom.normal(step, i)));
        }
        return gradient;
    }

    @Test
    void whatNeedsMoreThanTwoVectorsOrNoRateIsRefused() {
        IUpdater scheduled = Nesterovs.builder()
                .learningRate(0.1)
                .momentumISchedule(new ExponentialSchedule(ScheduleType.ITERATION, 0.9, 0.99))
                .build();
        for (IUpdater updater : List.of(new AMSGrad(), new AdaDelta(), scheduled)) {
            assertThatThrownBy(() -> optimizer(updater))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot train with updater ")
                    .hasMessageContaining(updater.getClass().getSimpleName());
        }
    }
}

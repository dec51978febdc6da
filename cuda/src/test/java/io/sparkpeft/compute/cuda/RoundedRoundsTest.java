package io.sparkpeft.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.emulator.EmulatedDevice;
import io.sparkpeft.compute.cuda.emulator.NeedsEmulator;
import io.sparkpeft.compute.cuda.graph.GraphDevice;
import io.sparkpeft.compute.cuda.graph.GraphPolicy;
import io.sparkpeft.compute.cuda.graph.GraphRound;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import io.sparkpeft.compute.cuda.memory.Workspace;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Factors in 16 bits that are used again are what they would be if each product rounded its own. */
@NeedsEmulator
class RoundedRoundsTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";
    /** So few bytes that some factors are dropped, and some have the large place. */
    private static final long FEW = 4 << 10;
    /** As many as a backend keeps unless told. */
    private static final long MANY = 64 << 20;

    /** Segments of some length, from the second time on. */
    private static final GraphPolicy POLICY = new GraphPolicy(16, 2, 32, true);

    private static Backend backend(Device device, long shared) {
        MemoryBudget budget = new MemoryBudget(EmulatedDevice.FACTS, EmulatedDevice.FACTS.memory());
        return new CudaBackend(Workspace.of(device, budget, shared), Precision.BF16);
    }

    private static int roundings(EmulatedDevice device) {
        return device.launches().get("round_to_bfloat16");
    }

    private static void requireSame(LocalUpdate found, LocalUpdate expected) {
        assertThat(found.values()).containsExactly(expected.values());
        assertThat(found.moments().first()).containsExactly(expected.moments().first());
        assertThat(found.tally()).isEqualTo(expected.tally());
    }

    /** Those that stay, those that go to make room, and where they lie: all that is the same in every step. */
    @ParameterizedTest
    @MethodSource(ALL)
    void roundsHaveTheSameBitsAndEveryStepAsksForTheSame(TinyModel tiny) {
        EmulatedDevice anew = new EmulatedDevice();
        LocalUpdate expected = GraphRound.run(tiny, backend(anew, 0));
        for (long shared : new long[] {FEW, MANY}) {
            EmulatedDevice device = new EmulatedDevice();
            requireSame(GraphRound.run(tiny, backend(new GraphDevice(device, POLICY), shared)), expected);
            assertThat(roundings(device)).isLessThan(roundings(anew) * 9 / 10);
            assertThat(device.captures()).isBetween(2, 8);
            assertThat(device.graphLaunches()).isGreaterThan(14);
        }
    }

    @Test
    void aResultThatLiesOverItsFactorIsAnotherFactorThen() {
        assertThat(power(MANY)).containsExactly(power(0)).containsExactly(power(FEW));
    }

    /** The eighth power of a matrix, each product in the place of its left factor, with many roundings in between. */
    private static float[] power(long shared) {
        int size = 8;
        try (Backend backend = backend(new EmulatedDevice(), shared)) {
            Tensor matrix = backend.allocate(size, size);
            Tensor power = backend.allocate(size, size);
            float[] values = new float[size * size];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(1 + i);
            }
            backend.upload(values, 0, matrix);
            backend.copy(matrix, power);
            for (int i = 1; i < 8; i++) {
                backend.gemm(false, false, 1f, power, matrix, 0f, power);
            }
            backend.download(power, values, 0);
            return values;
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void replicasOverPackedWeightsDoToo(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        LocalUpdate expected = replica(pretrained, tiny, 0);
        requireSame(replica(pretrained, tiny, FEW), expected);
        requireSame(replica(pretrained, tiny, MANY), expected);
    }

    /** Two rounds of one backend, the second over other weights, which may lie where the first's did. */
    private static LocalUpdate replica(PretrainedModel pretrained, TinyModel tiny, long shared) {
        RoundedWeights start = new RoundedWeights(pretrained.parameters());
        MaskIndex index = new MaskIndex(ToyMasks.random(start.layout(), 5, 0.05));
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        TrainSettings settings =
                new TrainSettings(LearningRate.of("constant", 0.01, 9), OptimizerSettings.adamW(), 0.5);
        RoundInput input = new RoundInput(index.gather(start), OptimizerState.none(), 0, 3, true);
        try (Backend backend = backend(new EmulatedDevice(), shared)) {
            LocalUpdate last = null;
            for (boolean packs : new boolean[] {false, true}) {
                SharedWeights weights = new SharedWeights(start, backend(new EmulatedDevice(), shared), packs);
                assertThat(weights.join()).isTrue();
                try (ReplicaWeights replica = new ReplicaWeights(weights, backend, Optional.of(index));
                        TransformerModel model = new TransformerModel(pretrained.definition(), backend, replica);
                        LocalTrainer<TokenBatch> trainer = new LocalTrainer<>(model, index, settings)) {
                    LocalUpdate update = trainer.train(input, step -> List.of(batch));
                    if (last != null) {
                        requireSame(update, last);
                    }
                    last = update;
                }
            }
            return last;
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void importanceHasThemToo(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        float[] expected = importance(pretrained, batch, 0);
        assertThat(importance(pretrained, batch, FEW)).containsExactly(expected);
        assertThat(importance(pretrained, batch, MANY)).containsExactly(expected);
    }

    private static float[] importance(PretrainedModel pretrained, TokenBatch batch, long shared) {
        try (Backend backend = backend(new EmulatedDevice(), shared);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters());
                ImportanceAccumulator<TokenBatch> accumulator =
                        new ImportanceAccumulator<>(model, ImportanceStatistic.EXPECTED_SQUARED_GRADIENT, 3)) {
            accumulator.add(batch);
            return accumulator.cut(
                    ParameterSlice.of(model.layout(), TensorRole.BODY, 1 << 20).get(0));
        }
    }
}

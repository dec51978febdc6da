package io.sparkpeft.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.toy.ToyBatch;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import io.sparkpeft.train.BatchSource;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Laws of whole rounds: local training, averaging and outer step together. */
class RoundLawsTest {
    private static final AveragingRule RULE = new ExampleWeightedMean();

    private final Parameters start = ToyModel.random(3);
    private final MaskIndex index = new MaskIndex(ToyMasks.random(ToyModel.LAYOUT, 4, 0.4));

    private LocalUpdate train(
            OptimizerSettings optimizer,
            float[] values,
            OptimizerState moments,
            long first,
            int steps,
            BatchSource<ToyBatch> source) {
        TrainSettings settings = new TrainSettings(LearningRate.of("constant", 0.05, 100), optimizer, 0);
        try (ToyModel model = new ToyModel(BackendProvider.create("reference"), start)) {
            return new LocalTrainer<>(model, index, settings)
                    .train(new RoundInput(values, moments, first, steps, true), source);
        }
    }

    private static ToyBatch data(long step) {
        return ToyBatch.random(50 + step, 24, ToyModel.VOCABULARY, ToyModel.CLASSES);
    }

    @Test
    void manyWorkersOfOneGradientStepAreOneLargeBatch() {
        float[] values = index.gather(start);
        LocalUpdate large = train(OptimizerSettings.sgd(), values, OptimizerState.none(), 0, 1, s -> List.of(data(s)));
        for (int size : new int[] {24, 12, 5, 1}) {
            DeltaAccumulator accumulator = new DeltaAccumulator(RULE, values);
            List<ToyBatch> parts = data(0).split(size);
            for (int shard = 0; shard < parts.size(); shard++) {
                ToyBatch part = parts.get(shard);
                accumulator.add(
                        shard, train(OptimizerSettings.sgd(), values, OptimizerState.none(), 0, 1, s -> List.of(part)));
            }
            RoundAverage average = accumulator.average();
            assertThat(average.tally().examples()).isEqualTo(24);
            assertThat(OuterStep.PLAIN
                            .apply(values, average.change(), new float[0])
                            .values())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(large.values());
        }
    }

    @Test
    void oneWorkerInRoundsIsThePlainLoopBitForBit() {
        float[] values = index.gather(start);
        OptimizerSettings adamW = OptimizerSettings.adamW();
        LocalUpdate plain = train(adamW, values, OptimizerState.none(), 0, 12, s -> data(s).split(7));
        OptimizerState moments = OptimizerState.none();
        for (int round = 0; round < 4; round++) {
            DeltaAccumulator accumulator = new DeltaAccumulator(RULE, values);
            accumulator.add(0, train(adamW, values, moments, round * 3L, 3, s -> data(s).split(7)));
            RoundAverage average = accumulator.average();
            values = OuterStep.PLAIN
                    .apply(values, average.change(), new float[0])
                    .values();
            moments = average.moments();
        }
        assertThat(values).containsExactly(plain.values());
        assertThat(moments.first()).containsExactly(plain.moments().first());
    }

    @Test
    void theOrderInWhichShardsFinishDoesNotChangeABit() {
        float[] values = index.gather(start);
        List<LocalUpdate> updates = new ArrayList<>();
        for (ToyBatch part : data(1).split(6)) {
            updates.add(train(OptimizerSettings.adamW(), values, OptimizerState.none(), 0, 3, s -> List.of(part)));
        }
        RoundAverage forth = average(values, updates, new int[] {0, 1, 2, 3});
        RoundAverage back = average(values, updates, new int[] {2, 3, 1, 0});
        assertThat(back.change()).containsExactly(forth.change());
        assertThat(back.moments().second()).containsExactly(forth.moments().second());
        assertThat(back.tally()).isEqualTo(forth.tally());
    }

    private static RoundAverage average(float[] values, List<LocalUpdate> updates, int[] order) {
        DeltaAccumulator accumulator = new DeltaAccumulator(RULE, values);
        for (int shard : order) {
            accumulator.add(shard, updates.get(shard));
        }
        return accumulator.average();
    }

    @Test
    void shardsWithoutExamplesAndWithoutMomentsChangeNothing() {
        float[] values = index.gather(start);
        LocalUpdate busy = train(OptimizerSettings.adamW(), values, OptimizerState.none(), 0, 2, s -> List.of(data(s)));
        LocalUpdate idle = train(OptimizerSettings.adamW(), values, OptimizerState.none(), 0, 2, s -> List.of());
        RoundAverage average = average(values, List.of(busy, idle), new int[] {1, 0});
        assertThat(OuterStep.PLAIN.apply(values, average.change(), new float[0]).values())
                .containsExactly(busy.values());
        assertThat(average.moments().first()).containsExactly(busy.moments().first());
        LocalUpdate bare = new LocalUpdate(busy.values(), OptimizerState.none(), busy.tally());
        assertThat(average(values, List.of(bare), new int[] {0}).moments().isNone())
                .isTrue();
    }

    /** The recursion of torch.optim.SGD(nesterov=True) with gradient −Δ: buf ← μ·buf + g; θ ← θ − lr·(g + μ·buf). */
    @Test
    void dilocoIsNesterovMomentum() {
        double buffer = 0;
        double weight = 1;
        float[] values = {1};
        float[] momentum = new float[0];
        for (double change : new double[] {0.5, -0.2, 0.3}) {
            buffer = 0.9 * buffer - change;
            weight -= 0.7 * (-change + 0.9 * buffer);
            OuterStep.Outcome outcome = new OuterStep(0.7, 0.9).apply(values, new double[] {change}, momentum);
            values = outcome.values();
            momentum = outcome.momentum();
            assertThat(values[0]).isCloseTo((float) weight, within(1e-6f));
        }
    }
}

package io.sparkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.optim.schedule.ScheduleShape;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.toy.ToyBatch;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalTrainerTest {
    private static final TrainSettings SETTINGS = new TrainSettings(
            new LearningRate("linear", 0.05, 2, 20, ScheduleShape.DEFAULT),
            new OptimizerSettings("adamw", 0.9, 0.999, 1e-8, 0.01),
            0.5);

    private final Parameters start = ToyModel.random(5);
    private final MaskIndex index = new MaskIndex(ToyMasks.random(ToyModel.LAYOUT, 6, 0.3));
    private final ToyModel model = new ToyModel(BackendProvider.create("reference"), start);

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void oneWorkerIsThePlainLoop() {
        LocalUpdate update = train(model, input(8), LocalTrainerTest::batches);
        assertThat(update.values()).containsExactly(plainLoop(8));
        assertThat(index.gather(model.parameters())).containsExactly(update.values());
    }

    /** The textbook loop over whole tensors: dense gradient, global norm and AdamW on the tuned entries only. */
    private float[] plainLoop(int steps) {
        Parameters weights = start.copy();
        float[] m = new float[index.size()];
        float[] v = new float[index.size()];
        for (int step = 0; step < steps; step++) {
            float[] g = denseGradient(weights, step);
            double sum = 0;
            for (float x : g) {
                sum += (double) x * x;
            }
            float[] w = index.gather(weights);
            float clip = (float) Math.min(1, 0.5 / (Math.sqrt(sum) + 1e-6));
            double rate = step < 2 ? 0.05 * step / 2 : 0.05 * (1 - (step - 2) / 18.0);
            for (int i = 0; i < w.length; i++) {
                float clipped = g[i] * clip;
                m[i] = m[i] * 0.9f + (float) (1 - 0.9) * clipped;
                v[i] = v[i] * 0.999f + (float) (1 - 0.999) * clipped * clipped;
                float size = (float) (rate / (1 - StrictMath.pow(0.9, step + 1)));
                float root = (float) Math.sqrt(1 - StrictMath.pow(0.999, step + 1));
                w[i] = w[i] * (float) (1 - rate * 0.01) - size * m[i] / ((float) Math.sqrt(v[i]) / root + 1e-8f);
            }
            index.scatter(w, weights);
        }
        return index.gather(weights);
    }

    private float[] denseGradient(Parameters weights, long step) {
        Parameters gradient = Parameters.zeros(ToyModel.LAYOUT);
        List<ToyBatch> batches = batches(step);
        int targets = batches.stream().mapToInt(ToyBatch::targets).sum();
        try (ToyModel fresh = new ToyModel(BackendProvider.create("reference"), weights)) {
            for (ToyBatch batch : batches) {
                fresh.lossAndGradient(batch, 1f / targets, new DenseSink(fresh, gradient));
            }
        }
        return index.gather(gradient);
    }

    private record DenseSink(ToyModel model, Parameters sum) implements GradientSink {
        @Override
        public boolean wants(int tensor) {
            return true;
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {
            model.backend().addAll(gradient, sum.tensor(tensor), 0);
        }

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
            for (int r = 0; r < gradient.rows(); r++) {
                Tensor row = model.backend().rows(gradient, r, 1);
                model.backend().addAll(row, sum.tensor(tensor), rows[r] * gradient.columns());
            }
        }
    }

    @Test
    void roundsThatKeepTheMomentsAreOneLongRound() {
        LocalUpdate whole = train(model, input(6), LocalTrainerTest::batches);
        LocalUpdate part = train(model, input(2), LocalTrainerTest::batches);
        for (int done = 2; done < 6; done += 2) {
            RoundInput next = new RoundInput(part.values(), part.moments(), done, 2, true);
            part = train(model, next, LocalTrainerTest::batches);
        }
        assertThat(part.values()).containsExactly(whole.values());
        assertThat(part.moments().second()).containsExactly(whole.moments().second());
    }

    @Test
    void weightsOutsideTheMaskKeepTheirBits() {
        train(model, input(8), LocalTrainerTest::batches);
        Parameters after = model.parameters();
        ParameterMask mask = index.mask();
        int changed = 0;
        for (int t = 0; t < ToyModel.LAYOUT.count(); t++) {
            for (int i = 0; i < after.tensor(t).length; i++) {
                if (!mask.contains(t, i)) {
                    assertThat(Float.floatToRawIntBits(after.tensor(t)[i]))
                            .isEqualTo(Float.floatToRawIntBits(start.tensor(t)[i]));
                } else if (after.tensor(t)[i] != start.tensor(t)[i]) {
                    changed++;
                }
            }
        }
        assertThat(changed).isGreaterThan(index.size() / 2);
    }

    @Test
    void aRetryAfterOtherWorkGivesTheSameBits() {
        LocalUpdate first = train(model, input(5), LocalTrainerTest::batches);
        train(model, new RoundInput(new float[index.size()], OptimizerState.none(), 7, 3, false), s -> batches(s + 90));
        LocalUpdate again = train(model, input(5), LocalTrainerTest::batches);
        assertThat(again.values()).containsExactly(first.values());
        assertThat(again.tally()).isEqualTo(first.tally());
    }

    @Test
    void stepsWithoutTargetsChangeNothingAndCountNothing() {
        ToyBatch unlabelled = new ToyBatch(new int[] {1, 2}, new int[] {-1, -1});
        LocalUpdate update = train(model, input(4), s -> s % 2 == 0 ? List.of() : List.of(unlabelled));
        assertThat(update.values()).containsExactly(index.gather(start));
        assertThat(update.tally()).isEqualTo(RoundTally.ZERO);
    }

    @Test
    void microBatchesAddUpToTheirUnion() {
        ToyBatch whole = ToyBatch.random(31, 24, ToyModel.VOCABULARY, ToyModel.CLASSES);
        LocalUpdate one = train(model, input(3), s -> List.of(whole));
        for (int size : new int[] {1, 5, 7}) {
            assertThat(train(model, input(3), s -> whole.split(size)).values())
                    .usingComparatorWithPrecision(1e-6f)
                    .containsExactly(one.values());
        }
    }

    @Test
    void trainingLowersTheLoss() {
        List<ToyBatch> batch = List.of(ToyBatch.random(40, 64, ToyModel.VOCABULARY, ToyModel.CLASSES));
        double before = model.loss(batch.get(0)).mean();
        train(model, input(19), s -> batch);
        assertThat(model.loss(batch.get(0)).mean()).isLessThan(0.9 * before);
    }

    @Test
    void aBrokenLossStopsBeforeTheUpdate() {
        float[] values = index.gather(start);
        values[index.offset(ToyModel.HEAD)] = Float.NaN;
        RoundInput broken = new RoundInput(values, OptimizerState.none(), 12, 4, true);
        assertThatThrownBy(() -> train(model, broken, LocalTrainerTest::batches))
                .isInstanceOfSatisfying(
                        NonFiniteLossException.class, e -> assertThat(e.step()).isEqualTo(12))
                .hasMessageContaining("step 12")
                .hasMessageContaining("NaN");
        float[] after = index.gather(model.parameters());
        after[index.offset(ToyModel.HEAD)] = 0;
        values[index.offset(ToyModel.HEAD)] = 0;
        assertThat(after).containsExactly(values);
    }

    private LocalUpdate train(ToyModel trained, RoundInput input, BatchSource<ToyBatch> source) {
        return new LocalTrainer<>(trained, index, SETTINGS).train(input, source);
    }

    private RoundInput input(int steps) {
        return new RoundInput(index.gather(start), OptimizerState.none(), 0, steps, true);
    }

    private static List<ToyBatch> batches(long step) {
        return ToyBatch.random(100 + step, 11, ToyModel.VOCABULARY, ToyModel.CLASSES)
                .split(4);
    }
}

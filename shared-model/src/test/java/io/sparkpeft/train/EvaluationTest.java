package io.sparkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyBatch;
import io.sparkpeft.toy.ToyModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** scikit-learn: f1_score(macro) and matthews_corrcoef of y = [0,0,1,1,2,2,2], p = [0,1,1,1,2,0,2]. */
    @Test
    void agreesWithFiguresWorkedOutByHand() {
        ClassificationCounts counts = counts(new int[] {0, 0, 1, 1, 2, 2, 2}, new int[] {0, 1, 1, 1, 2, 0, 2}, 4);
        assertThat(counts.accuracy()).isEqualTo(5.0 / 7);
        assertThat(counts.macroF1()).isCloseTo((0.5 + 0.8 + 0.8) / 3, within(1e-12));
        assertThat(counts.matthews()).isCloseTo((5 * 7 - 16) / Math.sqrt(32.0 * 32.0), within(1e-12));
    }

    @Test
    void matthewsOfTwoClassesIsThePhiCoefficient() {
        ClassificationCounts counts = new ClassificationCounts(new long[][] {{30, 7}, {11, 52}});
        double phi = (52 * 30 - 7 * 11) / Math.sqrt((52.0 + 7) * (52 + 11) * (30 + 7) * (30 + 11));
        assertThat(counts.matthews()).isCloseTo(phi, within(1e-12));
    }

    @Test
    void boundsHoldAndPerfectionIsOne() {
        for (int key = 0; key < 20; key++) {
            int[] labels = draw(key, 50);
            ClassificationCounts random = counts(labels, draw(key + 100, 50), 5);
            assertThat(random.accuracy()).isBetween(0.0, 1.0);
            assertThat(random.macroF1()).isBetween(0.0, 1.0);
            assertThat(random.matthews()).isBetween(-1.0, 1.0);
            ClassificationCounts perfect = counts(labels, labels, 5);
            assertThat(perfect.accuracy()).isEqualTo(1);
            assertThat(perfect.macroF1()).isEqualTo(1);
            assertThat(perfect.matthews()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void constantGuessesHaveNoCorrelationAndNothingIsNeverNaN() {
        assertThat(counts(new int[] {0, 1, 1}, new int[] {1, 1, 1}, 2).matthews())
                .isZero();
        assertThat(Evaluation.NONE.accuracy()).isZero();
        assertThat(Evaluation.NONE.macroF1()).isZero();
        assertThat(Evaluation.NONE.matthews()).isZero();
        assertThat(Evaluation.NONE.crossEntropy()).isZero();
    }

    @Test
    void anySplitOfTheExamplesGivesTheSameEvaluation() {
        ToyBatch batch = ToyBatch.random(8, 40, ToyModel.VOCABULARY, ToyModel.CLASSES);
        try (ToyModel model = new ToyModel(BackendProvider.create("reference"), ToyModel.random(9))) {
            Evaluation whole = Evaluator.evaluate(model, List.of(batch));
            List<ToyBatch> parts = batch.split(7);
            Evaluation left = Evaluator.evaluate(model, parts.subList(0, 2));
            Evaluation right = Evaluator.evaluate(model, parts.subList(2, parts.size()));
            Evaluation merged = Evaluation.NONE.plus(right).plus(left).plus(Evaluation.NONE);
            assertThat(merged.counts().counts()).isDeepEqualTo(whole.counts().counts());
            assertThat(merged.examples()).isEqualTo(40);
            assertThat(merged.targets()).isEqualTo(whole.targets());
            assertThat(merged.crossEntropy()).isCloseTo(whole.crossEntropy(), within(1e-12));
            assertThat(whole.perplexity()).isCloseTo(Math.exp(model.loss(batch).mean()), within(1e-12));
        }
    }

    private static int[] draw(long key, int count) {
        int[] classes = new int[count];
        for (int i = 0; i < count; i++) {
            classes[i] = (int) (CounterRandom.uniform(key, i) * 5);
        }
        return classes;
    }

    private static ClassificationCounts counts(int[] labels, int[] predictions, int classes) {
        ClassificationCounts counts = ClassificationCounts.empty(classes);
        for (int i = 0; i < labels.length; i++) {
            counts.add(labels[i], predictions[i]);
        }
        return counts;
    }
}

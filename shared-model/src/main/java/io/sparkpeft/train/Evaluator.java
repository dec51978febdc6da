package io.sparkpeft.train;

import io.sparkpeft.model.Batch;
import io.sparkpeft.model.Model;
import io.sparkpeft.model.Predictions;

/** Scores labelled examples with a model as it stands, without dropout. */
public final class Evaluator {
    private Evaluator() {}

    /** The evaluation of the batches, summed in their order. */
    public static <B extends Batch> Evaluation evaluate(Model<B> model, Iterable<B> batches) {
        Evaluation sum = Evaluation.NONE;
        for (B batch : batches) {
            sum = sum.plus(evaluate(batch, model.predict(batch)));
        }
        return sum;
    }

    private static Evaluation evaluate(Batch batch, Predictions predictions) {
        double loss = 0;
        long targets = 0;
        float[][] probabilities = predictions.probabilities();
        ClassificationCounts counts =
                ClassificationCounts.empty(probabilities.length == 0 ? 0 : probabilities[0].length);
        for (int e = 0; e < batch.examples(); e++) {
            loss += predictions.losses()[e];
            targets += predictions.targets()[e];
            if (counts.classes() > 0 && batch.label(e) >= 0) {
                counts.add(batch.label(e), predictions.label(e));
            }
        }
        return new Evaluation(counts, batch.examples(), targets, loss);
    }
}

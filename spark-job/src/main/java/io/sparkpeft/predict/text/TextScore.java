package io.sparkpeft.predict.text;

import io.sparkpeft.model.Predictions;

/**
 * What a model says of a text.
 *
 * @param loss sum of the losses of the predicted tokens, in nats
 * @param targets number of the predicted tokens
 * @param label the most probable class; 0 for a language model
 * @param probabilities of the classes; none for a language model
 */
public record TextScore(double loss, int targets, int label, float[] probabilities) {
    static TextScore of(Predictions predictions, int example) {
        boolean classifies = predictions.probabilities().length > 0;
        return new TextScore(
                predictions.losses()[example],
                predictions.targets()[example],
                classifies ? predictions.label(example) : 0,
                classifies ? predictions.probabilities()[example] : new float[0]);
    }

    /** With the next window of the same text, for a language model. */
    TextScore plus(TextScore next) {
        return new TextScore(loss + next.loss, targets + next.targets, label, probabilities);
    }
}

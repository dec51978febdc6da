package io.sparkpeft.model;

/** Examples that go through a model together. */
public interface Batch {
    int examples();

    /** Number of predictions that the loss averages over: examples for a classifier, predicted tokens for an LM. */
    int targets();

    /** Work in the batch, for throughput and memory: tokens for a language model. */
    int units();

    /** The class that an example is labelled with, for metrics; −1 where it has none, as in a language model. */
    default int label(int example) {
        return -1;
    }
}

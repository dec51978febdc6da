package io.sparkpeft.dl4j.benchmark;

import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Normal clouds of two kinds, in two domains: the means of a quarter of the inputs tell the kinds apart, most of the
 * time. In the shifted domain half of those inputs tell nothing, as many others do, and every other input is moved for
 * both kinds.
 *
 * @param shifted which domain
 */
record Clouds(boolean shifted) {
    static final int INPUTS = 256;
    static final int KINDS = 2;

    private static final double APART = 0.4;
    private static final double MOVED = 0.5;

    /** The same examples for the same seed. */
    List<DataSet> examples(int count, long seed) {
        List<DataSet> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[INPUTS];
            for (int c = 0; c < INPUTS; c++) {
                double mean = tells(c) ? APART * (i % KINDS) : 0;
                double moved = shifted && c % 2 == 1 ? MOVED : 0;
                features[c] = (float) (mean + moved + CounterRandom.normal(seed, (long) i * INPUTS + c));
            }
            INDArray label = Nd4j.zeros(1, KINDS);
            label.putScalar(0, i % KINDS, 1);
            examples.add(new DataSet(Nd4j.create(new float[][] {features}), label));
        }
        return examples;
    }

    private boolean tells(int input) {
        return input % 4 == (shifted && input >= INPUTS / 2 ? 1 : 0);
    }
}

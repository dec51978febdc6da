package io.sparkpeft.dl4j;

import io.sparkpeft.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Data like the iris flowers: four measures of three kinds, each kind a normal cloud. */
final class Samples {
    static final int INPUTS = 4;
    static final int CLASSES = 3;
    private static final double[][] MEANS = {{5.0, 3.4, 1.5, 0.2}, {5.9, 2.8, 4.3, 1.3}, {6.6, 3.0, 5.5, 2.0}};

    private Samples() {}

    /** Single examples. */
    static List<DataSet> flowers(int count, long seed) {
        return IntStream.range(0, count).mapToObj(i -> flower(i, seed)).toList();
    }

    private static DataSet flower(int i, long seed) {
        float[] measures = new float[INPUTS];
        for (int c = 0; c < INPUTS; c++) {
            double noise = CounterRandom.normal(seed, (long) i * INPUTS + c);
            measures[c] = (float) ((MEANS[i % CLASSES][c] + 0.35 * noise - 3) / 2);
        }
        return new DataSet(Nd4j.create(new float[][] {measures}), oneHot(i % CLASSES));
    }

    static INDArray oneHot(int label) {
        float[] row = new float[CLASSES];
        row[label] = 1;
        return Nd4j.create(new float[][] {row});
    }

    static List<MultiDataSet> multi(List<DataSet> examples) {
        return examples.stream().map(DataSet::toMultiDataSet).toList();
    }

    /** The measures in two inputs, the label twice. */
    static List<MultiDataSet> halves(List<DataSet> examples) {
        List<MultiDataSet> halves = new ArrayList<>();
        for (DataSet example : examples) {
            INDArray[] inputs = {Nd4j.create(1, INPUTS / 2), Nd4j.create(1, INPUTS / 2)};
            for (int c = 0; c < INPUTS; c++) {
                inputs[c / 2].putScalar(0, c % 2, example.getFeatures().getFloat(0, c));
            }
            halves.add(new org.nd4j.linalg.dataset.MultiDataSet(
                    inputs, new INDArray[] {example.getLabels(), example.getLabels()}));
        }
        return halves;
    }

    /** Pictures of 8 × 8 with a bar at one of three places, [1, 1, 8, 8]. */
    static List<DataSet> bars(int count, long seed) {
        List<DataSet> bars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            INDArray picture = Nd4j.create(new float[noise(seed, i, 64).length], new long[] {1, 1, 8, 8});
            float[] noise = noise(seed, i, 64);
            for (int p = 0; p < 64; p++) {
                boolean bar = p % 8 == 1 + 2 * (i % CLASSES);
                picture.putScalar(new int[] {0, 0, p / 8, p % 8}, noise[p] + (bar ? 1 : 0));
            }
            bars.add(new DataSet(picture, oneHot(i % CLASSES)));
        }
        return bars;
    }

    /** Series of 6 steps of 4 measures that rise, fall or stay, [1, 4, 6], labelled at every step. */
    static List<DataSet> series(int count, long seed) {
        List<DataSet> series = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] noise = noise(seed, i, INPUTS * 6);
            INDArray measures = Nd4j.create(1, INPUTS, 6);
            INDArray labels = Nd4j.create(1, CLASSES, 6);
            for (int t = 0; t < 6; t++) {
                for (int c = 0; c < INPUTS; c++) {
                    measures.putScalar(new int[] {0, c, t}, noise[c * 6 + t] + 0.3f * t * (i % CLASSES - 1));
                }
                labels.putScalar(new int[] {0, i % CLASSES, t}, 1);
            }
            series.add(new DataSet(measures, labels));
        }
        return series;
    }

    private static float[] noise(long seed, int example, int size) {
        float[] noise = new float[size];
        for (int p = 0; p < size; p++) {
            noise[p] = (float) (0.2 * CounterRandom.normal(seed, (long) example * size + p));
        }
        return noise;
    }
}

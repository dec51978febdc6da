package io.sparkpeft.dl4j.network;

import io.sparkpeft.model.Batch;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Examples that go through a network together. Each is one target: DL4J's loss is a mean over examples, whatever their
 * length in time.
 *
 * @param parts the examples one by one
 * @param data all of them as DL4J takes them
 * @param seed of what is drawn in the forward pass
 */
public record ExampleBatch(List<MultiDataSet> parts, MultiDataSet data, long seed) implements Batch {
    public static ExampleBatch of(List<MultiDataSet> examples, long seed) {
        MultiDataSet data =
                examples.size() == 1 ? examples.get(0) : org.nd4j.linalg.dataset.MultiDataSet.merge(examples);
        return new ExampleBatch(List.copyOf(examples), data, seed);
    }

    /** Some of the examples. */
    ExampleBatch range(int from, int to) {
        return of(parts.subList(from, to), seed);
    }

    /** The same examples with other labels for their only output. */
    ExampleBatch relabelled(int[] labels) {
        List<MultiDataSet> changed = new java.util.ArrayList<>();
        for (int e = 0; e < labels.length; e++) {
            MultiDataSet part = parts.get(e);
            INDArray oneHot = part.getLabels(0).ulike();
            oneHot.assign(0).putScalar(0, labels[e], 1);
            changed.add(new org.nd4j.linalg.dataset.MultiDataSet(
                    part.getFeatures(),
                    new INDArray[] {oneHot},
                    part.getFeaturesMaskArrays(),
                    part.getLabelsMaskArrays()));
        }
        return of(changed, seed);
    }

    @Override
    public int examples() {
        return parts.size();
    }

    @Override
    public int targets() {
        return parts.size();
    }

    @Override
    public int units() {
        return parts.size();
    }

    @Override
    public int label(int example) {
        INDArray[] labels = parts.get(example).getLabels();
        return labels.length == 1 && labels[0].rank() == 2 && labels[0].size(1) > 1
                ? labels[0].argMax(1).getInt(0)
                : -1;
    }
}

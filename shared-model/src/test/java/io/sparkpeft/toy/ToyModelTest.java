package io.sparkpeft.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.train.MaskedGradientSink;
import org.junit.jupiter.api.Test;

/** The laws of training are shown on this model, so its own gradient must be right. */
class ToyModelTest {
    @Test
    void gradientsAgreeWithCentralDifferences() {
        ToyBatch batch = ToyBatch.random(1, 9, ToyModel.VOCABULARY, ToyModel.CLASSES);
        Parameters start = ToyModel.random(2);
        MaskIndex all = new MaskIndex(ParameterMask.all(ToyModel.LAYOUT, TensorRole.BODY, TensorRole.HEAD));
        float[] gradient;
        try (ToyModel model = new ToyModel(BackendProvider.create("reference"), start)) {
            MaskedGradientSink sink = new MaskedGradientSink(all, model.backend());
            model.lossAndGradient(batch, 1f, sink);
            gradient = sink.gradient();
        }
        float[] values = all.gather(start);
        for (int i = 0; i < values.length; i++) {
            double slope = (loss(all, values, i, 1e-2f, start, batch) - loss(all, values, i, -1e-2f, start, batch));
            assertThat((double) gradient[i]).as("weight %d", i).isCloseTo(slope / 2e-2, within(2e-3));
        }
    }

    private static double loss(
            MaskIndex all, float[] values, int entry, float change, Parameters start, ToyBatch batch) {
        float[] moved = values.clone();
        moved[entry] += change;
        Parameters parameters = start.copy();
        all.scatter(moved, parameters);
        try (ToyModel model = new ToyModel(BackendProvider.create("reference"), parameters)) {
            return model.loss(batch).sum();
        }
    }
}

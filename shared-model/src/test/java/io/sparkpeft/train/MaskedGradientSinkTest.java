package io.sparkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedGradientSinkTest {
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.5, 1})
    void rowsAreGatheredAsTheWholeTensorWouldBe(double density) {
        MaskIndex index = new MaskIndex(
                density == 1
                        ? ParameterMask.all(ToyModel.LAYOUT, TensorRole.BODY)
                        : ToyMasks.random(ToyModel.LAYOUT, 3, density));
        int[] rows = {0, 3, 4, 11};
        float[] whole = new float[ToyModel.VOCABULARY * 5];
        float[] block = new float[rows.length * 5];
        for (int i = 0; i < block.length; i++) {
            block[i] = (float) CounterRandom.normal(4, i);
            whole[rows[i / 5] * 5 + i % 5] = block[i];
        }
        try (Backend backend = BackendProvider.create("reference")) {
            MaskedGradientSink byRows = new MaskedGradientSink(index, backend);
            MaskedGradientSink byTensor = new MaskedGradientSink(index, backend);
            for (int times = 0; times < 2; times++) {
                byRows.acceptRows(ToyModel.EMBEDDING, -1, rows, tensor(backend, block, rows.length));
                byTensor.accept(ToyModel.EMBEDDING, -1, tensor(backend, whole, ToyModel.VOCABULARY));
            }
            assertThat(byRows.gradient()).containsExactly(byTensor.gradient());
            byRows.clear();
            assertThat(byRows.gradient()).isEqualTo(new float[index.size()]);
        }
    }

    private static Tensor tensor(Backend backend, float[] values, int rows) {
        Tensor tensor = backend.allocate(rows, 5);
        backend.upload(values, 0, tensor);
        return tensor;
    }
}

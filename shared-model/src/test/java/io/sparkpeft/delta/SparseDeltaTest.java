package io.sparkpeft.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseDeltaTest {
    private final Parameters base = ToyModel.random(1);
    private final Parameters tuned = ToyModel.random(2);

    private SparseDelta delta(MaskIndex index) {
        return SparseDelta.of(base.fingerprint(), index, index.gather(tuned), ValueType.F32, Map.of());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.5, 1})
    void applyThenRevertRestoresEveryBit(double density) {
        Parameters parameters = base.copy();
        SparseDelta delta = delta(new MaskIndex(ToyMasks.random(ToyModel.LAYOUT, 3, density)));
        float[] originals = delta.apply(parameters);
        assertThat(parameters.fingerprint()).isNotEqualTo(base.fingerprint());
        delta.revert(parameters, originals);
        assertThat(parameters.fingerprint()).isEqualTo(base.fingerprint());
    }

    @Test
    void applyWritesTheTunedBitsInTheMaskAndNothingElse() {
        ParameterMask mask = ToyMasks.random(ToyModel.LAYOUT, 3, 0.3);
        Parameters parameters = base.copy();
        delta(new MaskIndex(mask)).apply(parameters);
        for (int t = 0; t < ToyModel.LAYOUT.count(); t++) {
            for (int i = 0; i < parameters.tensor(t).length; i++) {
                Parameters source = mask.contains(t, i) ? tuned : base;
                assertThat(Float.floatToRawIntBits(parameters.tensor(t)[i]))
                        .isEqualTo(Float.floatToRawIntBits(source.tensor(t)[i]));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2, 1})
    void gatherAfterScatterIsTheIdentity(double density) {
        MaskIndex index = new MaskIndex(
                density == 1
                        ? ParameterMask.all(ToyModel.LAYOUT, TensorRole.values())
                        : ToyMasks.random(ToyModel.LAYOUT, 4, density));
        Parameters parameters = base.copy();
        index.scatter(index.gather(tuned), parameters);
        assertThat(index.gather(parameters)).containsExactly(index.gather(tuned));
        index.scatter(index.gather(base), parameters);
        assertThat(parameters.fingerprint()).isEqualTo(base.fingerprint());
    }

    @Test
    void anotherBaseIsRefused() {
        SparseDelta delta = delta(new MaskIndex(ToyMasks.random(ToyModel.LAYOUT, 3, 0.3)));
        delta.requireBase(base.fingerprint(), "adapter.delta");
        assertThatThrownBy(() -> delta.requireBase(tuned.fingerprint(), "adapter.delta"))
                .isInstanceOf(DeltaFormatException.class)
                .hasMessageStartingWith("Cannot apply adapter.delta: it belongs to the weights");
    }
}

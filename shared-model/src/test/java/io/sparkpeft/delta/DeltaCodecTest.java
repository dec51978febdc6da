package io.sparkpeft.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.toy.ToyModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaCodecTest {
    private static final String BASE = "b".repeat(64);
    private static final Map<String, String> NOTES = Map.of("density", "0.01", "accuracy", "0.67");

    /** The tensors of a small language model: 656,000 weights and more. */
    private static ParameterLayout languageModel() {
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(new TensorSpec("embeddings", 2048, 128, TensorKind.EMBEDDING, TensorRole.BODY));
        for (int layer = 0; layer < 2; layer++) {
            for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
                tensors.add(tensor("layers.%d.%s.weight".formatted(layer, name), 128, 128));
            }
            for (String name : List.of("gate_proj", "up_proj", "down_proj")) {
                tensors.add(tensor("layers.%d.%s.weight".formatted(layer, name), 352, 128));
            }
            tensors.add(new TensorSpec("layers.%d.norm".formatted(layer), 1, 128, TensorKind.VECTOR, TensorRole.BODY));
        }
        return new ParameterLayout(tensors);
    }

    private static TensorSpec tensor(String name, int rows, int columns) {
        return new TensorSpec(name, rows, columns, TensorKind.LINEAR, TensorRole.BODY);
    }

    private static SparseDelta delta(ParameterMask mask, ValueType type) {
        MaskIndex index = new MaskIndex(mask);
        float[] values = new float[index.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) CounterRandom.normal(5, i);
        }
        return SparseDelta.of(BASE, index, values, type, NOTES);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.1, 0.3, 0.7, 0.99, 1})
    void whatIsWrittenIsRead(double density) {
        ParameterMask mask = ToyMasks.random(ToyModel.LAYOUT, 7, density);
        SparseDelta delta = delta(mask, ValueType.F32);
        SparseDelta read = DeltaCodec.decode(DeltaCodec.encode(delta), ToyModel.LAYOUT, "adapter");
        assertThat(read.index().mask()).isEqualTo(mask);
        assertThat(read.values()).containsExactly(delta.values());
        assertThat(read.header()).isEqualTo(delta.header());
        assertThat(DeltaCodec.header(DeltaCodec.encode(delta), "adapter")).isEqualTo(delta.header());
        assertThat(DeltaCodec.decodeMask(DeltaCodec.encode(mask), ToyModel.LAYOUT, "mask"))
                .isEqualTo(mask);
    }

    @Test
    void everyBitOfAFloatSurvives() {
        ParameterMask mask = ParameterMask.all(ToyModel.LAYOUT, TensorRole.HEAD);
        SparseDelta delta = delta(mask, ValueType.F32);
        int[] odd = {0x80000000, 1, 0x7F7FFFFF, 0xFF800000, 0x7FC00001};
        for (int i = 0; i < odd.length; i++) {
            delta.values()[i] = Float.intBitsToFloat(odd[i]);
        }
        SparseDelta read = DeltaCodec.decode(DeltaCodec.encode(delta), ToyModel.LAYOUT, "adapter");
        for (int i = 0; i < odd.length; i++) {
            assertThat(Float.floatToRawIntBits(read.values()[i])).isEqualTo(odd[i]);
        }
    }

    @Test
    void halfPrecisionRoundsToTheNearest() {
        SparseDelta delta = delta(ToyMasks.random(ToyModel.LAYOUT, 7, 0.5), ValueType.BF16);
        float[] read = DeltaCodec.decode(DeltaCodec.encode(delta), ToyModel.LAYOUT, "adapter")
                .values();
        for (int i = 0; i < read.length; i++) {
            assertThat(Float.floatToRawIntBits(read[i]) & 0xFFFF).isZero();
            assertThat(Math.abs(read[i] - delta.values()[i]))
                    .isLessThanOrEqualTo(Math.abs(delta.values()[i]) * 0x1p-8f);
        }
    }

    @Test
    void onePercentTakesAtMostFiveAndAHalfBytesAnEntry() {
        ParameterMask mask = ToyMasks.random(languageModel(), 9, 0.01);
        assertThat(mask.density()).isBetween(0.0095, 0.0105);
        assertThat((double) DeltaCodec.encode(delta(mask, ValueType.F32)).length / mask.count())
                .isLessThanOrEqualTo(5.5);
        assertThat((double) DeltaCodec.encode(delta(mask, ValueType.BF16)).length / mask.count())
                .isLessThanOrEqualTo(3.5);
    }

    @Test
    void aMaskTakesAtMostABitAnEntry() {
        ParameterLayout layout = languageModel();
        for (double density : new double[] {0.001, 0.3, 0.5, 0.9, 1}) {
            int bytes = DeltaCodec.encode(ToyMasks.random(layout, 9, density)).length;
            assertThat(bytes).isLessThanOrEqualTo((int) (layout.size() / 8 + 2000));
        }
    }

    @Test
    void anyChangedByteIsNoticed() {
        byte[] file = DeltaCodec.encode(delta(ToyMasks.random(ToyModel.LAYOUT, 7, 0.2), ValueType.F32));
        for (int at = 0; at < file.length; at++) {
            byte[] damaged = file.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            assertThatThrownBy(() -> DeltaCodec.decode(damaged, ToyModel.LAYOUT, "adapter.delta"))
                    .as("byte %d", at)
                    .isInstanceOf(DeltaFormatException.class)
                    .hasMessageStartingWith("Cannot read adapter.delta: it is");
        }
    }

    @Test
    void anyShorterFileIsNoticed() {
        byte[] file = DeltaCodec.encode(delta(ToyMasks.random(ToyModel.LAYOUT, 7, 0.2), ValueType.F32));
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> DeltaCodec.decode(cut, ToyModel.LAYOUT, "adapter.delta"))
                    .as("%d bytes", length)
                    .isInstanceOf(DeltaFormatException.class);
        }
    }

    @Test
    void theMessageNamesTheDamagedByte() {
        byte[] file = DeltaCodec.encode(delta(ToyMasks.random(ToyModel.LAYOUT, 7, 0.2), ValueType.F32));
        int headerLength = file[8] & 0xFF | (file[9] & 0xFF) << 8;
        int firstTensor = 8 + 4 + headerLength + 4;
        file[firstTensor + 6] ^= 1;
        assertThatThrownBy(() -> DeltaCodec.decode(file, ToyModel.LAYOUT, "adapter.delta"))
                .hasMessage(
                        "Cannot read adapter.delta: it is damaged at byte %d: a checksum does not fit", firstTensor);
    }

    @Test
    void aFileOfAnotherModelIsRefused() {
        byte[] file = DeltaCodec.encode(delta(ToyMasks.random(ToyModel.LAYOUT, 7, 0.2), ValueType.F32));
        assertThatThrownBy(() -> DeltaCodec.decode(file, languageModel(), "adapter.delta"))
                .isInstanceOf(DeltaFormatException.class)
                .hasMessageStartingWith("Cannot use adapter.delta: it belongs to a model with other tensors");
    }
}

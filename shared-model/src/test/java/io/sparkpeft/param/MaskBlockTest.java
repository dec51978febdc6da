package io.sparkpeft.param;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.random.CounterRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskBlockTest {
    private static final TensorSpec TENSOR = new TensorSpec("w", 12, 9, TensorKind.LINEAR, TensorRole.BODY);

    private static int[] weights(IntPredicate row, IntPredicate column, double density) {
        return IntStream.range(0, TENSOR.size())
                .filter(i -> row.test(i / TENSOR.columns())
                        && column.test(i % TENSOR.columns())
                        && CounterRandom.uniform(3, i) < density)
                .toArray();
    }

    @Test
    void wholeRowsAreABlockInMaskOrder() {
        MaskBlock block =
                MaskBlock.of(TENSOR, weights(r -> r % 4 == 1, c -> true, 1)).orElseThrow();
        assertThat(block.rows()).containsExactly(1, 5, 9);
        assertThat(block.columns()).isEqualTo(IntStream.range(0, 9).toArray());
        assertThat(block.isFull()).isTrue();
    }

    @Test
    void wholeColumnsAreABlockInMaskOrder() {
        MaskBlock block =
                MaskBlock.of(TENSOR, weights(r -> true, c -> c > 6, 1)).orElseThrow();
        assertThat(block.rows()).isEqualTo(IntStream.range(0, 12).toArray());
        assertThat(block.columns()).containsExactly(7, 8);
        assertThat(block.isFull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.4, 0.8, 1})
    void everyWeightIsWhereTheBlockSays(double density) {
        int[] indices = weights(r -> r > 7, c -> c % 3 == 0, density);
        MaskBlock block = MaskBlock.of(TENSOR, indices).orElseThrow();
        for (int i = 0; i < indices.length; i++) {
            int place = block.isFull() ? i : block.indices()[i];
            int row = block.rows()[place / block.columns().length];
            int column = block.columns()[place % block.columns().length];
            assertThat(row * TENSOR.columns() + column).isEqualTo(indices[i]);
        }
    }

    @Test
    void linesWithoutWeightsAreLeftOutOnlyWhereHalfAreWithout() {
        Optional<MaskBlock> half = MaskBlock.of(TENSOR, weights(r -> r < 6, c -> true, 1));
        Optional<MaskBlock> more = MaskBlock.of(TENSOR, weights(r -> r < 7, c -> c < 8, 1));
        assertThat(half.orElseThrow().rows()).hasSize(6);
        assertThat(more).isEmpty();
        Optional<MaskBlock> columns = MaskBlock.of(TENSOR, weights(r -> r < 7, c -> c < 4, 1));
        assertThat(columns.orElseThrow().rows()).hasSize(12);
        assertThat(columns.orElseThrow().columns()).hasSize(4);
        assertThat(Arrays.stream(columns.orElseThrow().indices()).distinct().count())
                .isEqualTo(28);
    }
}

package io.sparkpeft.stage.mask;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.mask.threshold.ScoredSlice;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.ParameterSlice;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores of one selection never come into another. */
class SelectionCacheTest {
    private static final ParameterLayout LAYOUT =
            new ParameterLayout(List.of(new TensorSpec("w", 2, 2, TensorKind.LINEAR, TensorRole.BODY)));
    private static final ParameterMask ALL = ParameterMask.all(LAYOUT);

    private static SelectionCache of(String application, long broadcast) {
        return SelectionCache.of(application, broadcast, () -> ALL);
    }

    private static ScoredSlice scored() {
        ParameterSlice slice = ParameterSlice.of(LAYOUT, TensorRole.BODY, 4).get(0);
        return ScoredSlice.of(slice, new float[4], ALL);
    }

    @Test
    void keepsWhatItsSelectionScored() {
        of("keeps", 7).slices().put(0, scored());
        assertThat(SelectionCache.of("keeps", 7, () -> {
                            throw new AssertionError("decoded twice");
                        })
                        .slices())
                .containsOnlyKeys(0);
    }

    @Test
    void aTaskThatIsOvertakenWritesIntoItsOwnSelection() {
        SelectionCache first = of("side by side", 1);
        SelectionCache second = of("side by side", 2);
        first.slices().put(0, scored());

        assertThat(second.slices()).isEmpty();
        assertThat(of("side by side", 2).slices()).isEmpty();
    }

    @Test
    void theNextApplicationStartsItsNumbersAgainAndSharesNothing() {
        of("first", 3).slices().put(0, scored());
        assertThat(of("second", 3).slices()).isEmpty();
    }
}

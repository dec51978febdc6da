package io.sparkpeft.mask.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.spi.Services;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every prune schedule must do. */
class PruneScheduleContractTest {
    static Collection<PruneSchedule> schedules() {
        return Services.all(PruneSchedule.class);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void neverFallsAndEndsAtTheTarget(PruneSchedule schedule) {
        for (int phases = 1; phases <= 6; phases++) {
            double last = 0.1;
            for (int phase = 1; phase <= phases; phase++) {
                double sparsity = schedule.sparsity(phase, phases, 0.1, 0.8);
                assertThat(sparsity).isBetween(last, 0.8);
                last = sparsity;
            }
            assertThat(last).isEqualTo(0.8);
            assertThat(schedule.sparsity(phases + 3, phases, 0.1, 0.8)).isEqualTo(0.8);
        }
    }

    @Test
    void theCubicFollowsItsFormula() {
        CubicSchedule cubic = new CubicSchedule();
        assertThat(cubic.sparsity(1, 4, 0, 0.8)).isCloseTo(0.8 * (1 - 27.0 / 64), within(1e-12));
        assertThat(cubic.sparsity(2, 4, 0.2, 0.8)).isCloseTo(0.8 - 0.6 / 8, within(1e-12));
    }

    @Test
    void dropSharesFallFromTheFirstToNothing() {
        assertThat(DropShare.cosine(0.2, 0)).isEqualTo(0.2);
        assertThat(DropShare.cosine(0.2, 0.5)).isCloseTo(0.1, within(1e-12));
        assertThat(DropShare.cosine(0.2, 1)).isZero();
    }
}

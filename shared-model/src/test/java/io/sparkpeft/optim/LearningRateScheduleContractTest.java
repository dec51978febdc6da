package io.sparkpeft.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.optim.schedule.LearningRateSchedule;
import io.sparkpeft.optim.schedule.ScheduleShape;
import io.sparkpeft.spi.Services;
import java.util.Collection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schedule must do. */
class LearningRateScheduleContractTest {
    static Collection<LearningRateSchedule> schedules() {
        return Services.all(LearningRateSchedule.class);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void startsAtTheBaseRateAndStaysWithinIt(LearningRateSchedule schedule) {
        LearningRate rate = new LearningRate(schedule.name(), 0.3, 7, 100, ScheduleShape.DEFAULT);
        assertThat(rate.at(7)).isEqualTo(0.3);
        for (int step = 0; step < 300; step++) {
            assertThat(rate.at(step)).isBetween(0.0, 0.3);
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void warmsUpInAStraightLine(LearningRateSchedule schedule) {
        LearningRate rate = new LearningRate(schedule.name(), 1, 8, 100, ScheduleShape.DEFAULT);
        for (int step = 0; step < 8; step++) {
            assertThat(rate.at(step)).isEqualTo(step / 8.0);
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void survivesARunOfNoSteps(LearningRateSchedule schedule) {
        assertThat(LearningRate.of(schedule.name(), 1, 0).at(0)).isFinite();
    }
}

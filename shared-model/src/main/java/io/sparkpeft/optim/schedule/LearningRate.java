package io.sparkpeft.optim.schedule;

import java.io.Serializable;

/**
 * The learning rate of every step: rises linearly from 0 over the warm-up steps, then follows its schedule.
 *
 * @param schedule name of the schedule
 * @param base highest rate
 * @param warmupSteps steps of warm-up; the rate of step 0 is 0 if there are any
 * @param totalSteps all steps of the run, warm-up included
 */
public record LearningRate(String schedule, double base, long warmupSteps, long totalSteps, ScheduleShape shape)
        implements Serializable {

    public LearningRate {
        if (!(base >= 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("Invalid learning rate: %s".formatted(base));
        }
        if (warmupSteps < 0 || totalSteps < 0) {
            throw new IllegalArgumentException(
                    "Invalid learning-rate schedule: %d steps of warm-up, %d steps".formatted(warmupSteps, totalSteps));
        }
        LearningRateSchedule.named(schedule);
    }

    /** A schedule without warm-up in its default shape. */
    public static LearningRate of(String schedule, double base, long totalSteps) {
        return new LearningRate(schedule, base, 0, totalSteps, ScheduleShape.DEFAULT);
    }

    /**
     * The rate of a step.
     *
     * @param step from 0 on
     */
    public double at(long step) {
        if (step < warmupSteps) {
            return base * step / warmupSteps;
        }
        double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return base * LearningRateSchedule.named(schedule).factor(progress, shape);
    }
}

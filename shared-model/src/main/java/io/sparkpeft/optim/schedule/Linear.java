package io.sparkpeft.optim.schedule;

/** 1 − progress: a straight line to 0. */
public final class Linear implements LearningRateSchedule {
    @Override
    public String name() {
        return "linear";
    }

    @Override
    public double factor(double progress, ScheduleShape shape) {
        return Math.max(0, 1 - progress);
    }
}

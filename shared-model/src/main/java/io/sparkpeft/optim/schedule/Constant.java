package io.sparkpeft.optim.schedule;

/** The base rate throughout. */
public final class Constant implements LearningRateSchedule {
    @Override
    public String name() {
        return "constant";
    }

    @Override
    public double factor(double progress, ScheduleShape shape) {
        return 1;
    }
}

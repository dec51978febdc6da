package io.sparkpeft.optim.schedule;

/** (1 − end)·(1 − progress)^power + end. */
public final class Polynomial implements LearningRateSchedule {
    @Override
    public String name() {
        return "polynomial";
    }

    @Override
    public double factor(double progress, ScheduleShape shape) {
        return progress >= 1
                ? shape.end()
                : (1 - shape.end()) * StrictMath.pow(1 - progress, shape.power()) + shape.end();
    }
}

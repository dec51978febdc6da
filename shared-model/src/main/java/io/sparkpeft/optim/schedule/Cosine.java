package io.sparkpeft.optim.schedule;

/** ½·(1 + cos(2π·cycles·progress)); half a cycle ends at 0. Loshchilov and Hutter 2017, arXiv 1608.03983. */
public final class Cosine implements LearningRateSchedule {
    @Override
    public String name() {
        return "cosine";
    }

    @Override
    public double factor(double progress, ScheduleShape shape) {
        return Math.max(0, 0.5 * (1 + StrictMath.cos(2 * Math.PI * shape.cycles() * progress)));
    }
}

package io.sparkpeft.optim.schedule;

/** ½·(1 + cos(π·frac(cycles·progress))): falls to 0 and restarts. Loshchilov and Hutter 2017, arXiv 1608.03983. */
public final class CosineRestarts implements LearningRateSchedule {
    @Override
    public String name() {
        return "cosine-hard-restarts";
    }

    @Override
    public double factor(double progress, ScheduleShape shape) {
        return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + StrictMath.cos(Math.PI * ((shape.cycles() * progress) % 1))));
    }
}

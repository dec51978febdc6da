package io.sparkpeft.optim.schedule;

import io.sparkpeft.spi.Named;
import io.sparkpeft.spi.Services;

/**
 * How the learning rate falls after warm-up, with the shapes and the defaults of Hugging Face transformers. Stateless;
 * found through {@link java.util.ServiceLoader}.
 */
public interface LearningRateSchedule extends Named {
    /**
     * Factor of the base rate.
     *
     * @param progress share of the steps after warm-up that are done; 0 at the first, 1 and more when all are done
     */
    double factor(double progress, ScheduleShape shape);

    static LearningRateSchedule named(String name) {
        return Services.find(LearningRateSchedule.class, "learning-rate schedule", name);
    }
}

package io.sparkpeft.optim.schedule;

import java.io.Serializable;

/**
 * Numbers that some schedules read.
 *
 * @param cycles number of waves: half a wave ends a cosine at 0; number of restarts for the restarting cosine
 * @param power exponent of the polynomial
 * @param end factor at which the polynomial ends
 */
public record ScheduleShape(double cycles, double power, double end) implements Serializable {
    /** Half a cosine wave; a straight line to 0 for the polynomial. */
    public static final ScheduleShape DEFAULT = new ScheduleShape(0.5, 1, 0);
}

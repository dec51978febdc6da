package io.sparkpeft.profile;

import io.sparkpeft.compute.profile.KernelProfile;
import java.io.Serializable;

/**
 * What tasks of one stage did.
 *
 * @param tasks finished
 * @param nanoseconds in them, kernels and all else
 * @param kernels that they ran
 */
public record TaskWork(long tasks, long nanoseconds, KernelProfile kernels) implements Serializable {
    public static final TaskWork NONE = new TaskWork(0, 0, KernelProfile.NONE);

    public TaskWork plus(TaskWork other) {
        return new TaskWork(tasks + other.tasks, nanoseconds + other.nanoseconds, kernels.plus(other.kernels));
    }

    public double seconds() {
        return nanoseconds / 1e9;
    }

    /** Seconds in tasks that no kernel took: reading shards, making batches, coding messages. */
    public double secondsOutsideKernels() {
        return (nanoseconds - kernels.total().nanoseconds()) / 1e9;
    }
}

package io.sparkpeft.spark.resource;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendChoice;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * What the task that runs on this thread computes on. Memory of a backend belongs to tasks of the same device only.
 *
 * @param choice of the backend
 * @param gpu index or UUID of the GPU that Spark gave the task, as the discovery script gave it; empty: it holds none, or
 *     the backend uses none
 */
public record TaskDevice(BackendChoice choice, Optional<String> gpu) {
    /** Where a task computes by that backend. */
    public static TaskDevice of(BackendChoice choice) {
        return new TaskDevice(choice, choice.computesOnGpu() ? address() : Optional.empty());
    }

    /** A new backend there. */
    public Backend backend() {
        return choice.create(gpu);
    }

    private static Optional<String> address() {
        return Optional.ofNullable(TaskContext.get())
                .map(task -> task.resourcesJMap().get("gpu"))
                .map(ResourceInformation::addresses)
                .filter(addresses -> addresses.length > 0)
                .map(addresses -> addresses[0]);
    }
}

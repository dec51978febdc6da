package io.sparkpeft.spark.resource;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendChoice;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/** The GPU that Spark gave to the task that runs on this thread. */
public final class TaskGpu {
    private TaskGpu() {}

    /** A new backend, on the task's GPU where it holds one. */
    public static Backend backend(BackendChoice choice) {
        return choice.create(address());
    }

    /** Index or UUID, as the discovery script gave it. */
    static Optional<String> address() {
        return Optional.ofNullable(TaskContext.get())
                .map(task -> task.resourcesJMap().get("gpu"))
                .map(ResourceInformation::addresses)
                .filter(addresses -> addresses.length > 0)
                .map(addresses -> addresses[0]);
    }
}

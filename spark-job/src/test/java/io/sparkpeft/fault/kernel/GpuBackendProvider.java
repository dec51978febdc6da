package io.sparkpeft.fault.kernel;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.UnusableDeviceException;
import org.apache.spark.TaskContext;

/** The cpu backend as "gpu-of-the-driver": executors have no device that it can use. */
public final class GpuBackendProvider implements BackendProvider {
    public static final String NAME = "gpu-of-the-driver";
    public static final String SENTENCE = "Cannot use the kernels here: no device";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend create() {
        if (TaskContext.get() != null) {
            throw new UnusableDeviceException(SENTENCE);
        }
        return BackendProvider.create("cpu");
    }
}

package io.sparkpeft.compute.nd4j.cuda;

import io.sparkpeft.compute.UnusableDeviceException;
import java.util.Optional;

/**
 * The one GPU that ND4J uses in this process. Replicas pass from task to task, so that an executor that computes by ND4J
 * has one GPU, which its tasks share.
 */
public final class CudaProcess {
    private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";
    private static final String ENVIRONMENT = "org.nd4j.jita.conf.CudaEnvironment";

    private static CudaDevice chosen;

    private CudaProcess() {}

    /** Whether ND4J's CUDA binaries took the place of those for processors, by the Maven profile cuda. */
    public static boolean isOnClassPath() {
        try {
            Class.forName(BACKEND, false, CudaProcess.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Checks the device and tells ND4J to use no other, before anything of ND4J is loaded.
     *
     * @param address of the device that the task was given; empty: the first
     * @throws UnusableDeviceException if there is none, or it cannot run the kernels, or the process uses another
     */
    public static synchronized CudaDevice use(Optional<String> address) {
        if (chosen == null) {
            CudaDevice device =
                    CudaDevice.at(address.orElse("0"), NvidiaSmi.devices()).require();
            configure(device.ordinal(System.getenv()));
            chosen = device;
        }
        return same(chosen, address);
    }

    /**
     * Refuses a second device in one process.
     *
     * @throws UnusableDeviceException if the address is another device's
     */
    static CudaDevice same(CudaDevice device, Optional<String> address) {
        if (address.isPresent() && !device.isAt(address.get())) {
            throw new UnusableDeviceException(
                    "Cannot use ND4J's CUDA kernels on GPU %s: this executor's other tasks use GPU %d; give each executor one GPU"
                            .formatted(address.get(), device.index()));
        }
        return device;
    }

    /** ND4J's settings are classes of its CUDA binaries, which most builds leave out. */
    private static void configure(int ordinal) {
        try {
            Class<?> type = Class.forName(ENVIRONMENT);
            Object settings = type.getMethod("getConfiguration")
                    .invoke(type.getMethod("getInstance").invoke(null));
            settings.getClass().getMethod("useDevice", Integer.class).invoke(settings, ordinal);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new UnusableDeviceException(
                    "Cannot use ND4J's CUDA kernels: its libraries do not load (%s)".formatted(e), e);
        }
    }
}

package io.sparkpeft.compute.cuda;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.driver.CudaDevices;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Provides {@link CudaBackend} as "cuda". */
public final class CudaBackendProvider implements BackendProvider {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public boolean computesOnGpu() {
        return true;
    }

    @Override
    public Backend create() {
        return create(Optional.empty(), Precision.FLOAT32);
    }

    @Override
    public Backend create(Optional<String> gpu, Precision precision) {
        return usable(() -> CudaDevices.backend(gpu, precision));
    }

    @Override
    public Set<Precision> precisions() {
        return Set.of(Precision.values());
    }

    /** The GPUs of this machine. */
    @Override
    public String description() {
        return usable(() -> CudaDevices.list().stream().map(DeviceFacts::text).collect(Collectors.joining(", ")));
    }

    @Override
    public Optional<String> missing() {
        try {
            List<DeviceFacts> devices = CudaDevices.list();
            return devices.isEmpty() ? Optional.of("the CUDA driver lists no GPU") : Optional.empty();
        } catch (DeviceException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What fails before the first kernel is the machine's or the recipe's fault, and stays so when it is tried again. */
    private static <T> T usable(Supplier<T> start) {
        try {
            return start.get();
        } catch (DeviceException e) {
            throw new UnusableDeviceException(e.getMessage(), e);
        }
    }
}

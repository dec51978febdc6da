package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.CudaBackend;
import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.graph.GraphDevice;
import io.sparkpeft.compute.cuda.graph.GraphPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.cuda.global.cudart;

/** The GPUs that this process sees. */
public final class CudaDevices {
    private static final Map<String, CudaContext> OPEN = new HashMap<>();

    private CudaDevices() {}

    /**
     * What the driver lists, in its order and as far as CUDA_VISIBLE_DEVICES lets this process see.
     *
     * @throws DeviceException if there is no driver, or a library of CUDA is missing, or no device
     */
    public static synchronized List<DeviceFacts> list() {
        NativeLibraries.load();
        Status.driver("start the CUDA driver", cudart.cuInit(0));
        int[] count = new int[1];
        Status.driver("count the GPUs", cudart.cuDeviceGetCount(count));
        return IntStream.range(0, count[0]).mapToObj(CudaContext::facts).toList();
    }

    /**
     * A new backend, with a stream, memory and a handle of cuBLAS of its own.
     *
     * @param gpu index or UUID; empty: the first
     * @throws DeviceException with one sentence, if that device cannot be used
     */
    public static Backend backend(Optional<String> gpu, Precision precision) {
        CudaContext context = context(gpu);
        requireFor(context.facts(), precision);
        Optional<GraphPolicy> graphs = GraphPolicy.fromProperties();
        Device device = CudaDevice.open(context);
        return new CudaBackend(
                graphs.<Device>map(policy -> new GraphDevice(device, policy)).orElse(device),
                context.budget(),
                precision);
    }

    private static synchronized CudaContext context(Optional<String> gpu) {
        DeviceFacts facts = choose(gpu, list());
        return OPEN.computeIfAbsent(
                facts.uuid(),
                uuid -> CudaContext.open(
                        facts,
                        MemoryLimit.fromProperties(),
                        new KernelCache(KernelCache.defaultDirectory(), KernelSource.text(), new Nvrtc())));
    }

    /**
     * The device that a task was given.
     *
     * @throws DeviceException if the driver does not list it
     */
    static DeviceFacts choose(Optional<String> gpu, List<DeviceFacts> devices) {
        String address = gpu.orElse("0");
        return devices.stream()
                .filter(device -> device.isAt(address))
                .findFirst()
                .orElseThrow(() -> new DeviceException("Cannot compute on GPU %s: the driver lists %s"
                        .formatted(
                                address,
                                devices.stream()
                                        .map(d -> d.index() + " (" + d.uuid() + ")")
                                        .toList())));
    }

    /**
     * Refuses short numbers where tensor cores do not take them.
     *
     * @throws DeviceException with one sentence
     */
    static void requireFor(DeviceFacts facts, Precision precision) {
        if (precision != Precision.FLOAT32 && facts.capability().compareTo(Capability.LOWEST_FOR_SHORT_NUMBERS) < 0) {
            throw new DeviceException("Cannot compute in %s on %s: compute capability %s or newer is needed"
                    .formatted(precision, facts.text(), Capability.LOWEST_FOR_SHORT_NUMBERS));
        }
    }
}

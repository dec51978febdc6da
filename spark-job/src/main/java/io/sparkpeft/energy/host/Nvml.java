package io.sparkpeft.energy.host;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Energy of NVIDIA GPUs since their driver was loaded, by {@code nvmlDeviceGetTotalEnergyConsumption} of the driver's
 * own library (Volta and later). A GPU counts as a whole, whoever uses it.
 */
final class Nvml implements CounterSource {
    private static final String LIBRARY = "libnvidia-ml.so.1";
    private static final int UUID_BYTES = 96;

    private final Functions nvml;
    private final List<Gpu> gpus;

    private Nvml(Functions nvml, List<Gpu> gpus) {
        this.nvml = nvml;
        this.gpus = gpus;
    }

    /** The functions of NVML that are needed; each gives 0, or the number of an error. */
    interface Functions extends Library {
        int nvmlInit_v2();

        int nvmlDeviceGetHandleByIndex_v2(int index, PointerByReference device);

        int nvmlDeviceGetHandleByUUID(String uuid, PointerByReference device);

        int nvmlDeviceGetUUID(Pointer device, byte[] uuid, int length);

        int nvmlDeviceGetTotalEnergyConsumption(Pointer device, LongByReference millijoules);

        String nvmlErrorString(int error);
    }

    private record Gpu(String name, Pointer device) {}

    /**
     * Opens GPUs, and keeps them open for the life of the process.
     *
     * @param addresses as Spark's discovery script gave them: indices or UUIDs
     * @throws IOException if one of them cannot be opened
     */
    static Nvml open(List<String> addresses) throws IOException {
        Functions nvml = load();
        check(nvml, nvml.nvmlInit_v2(), "start " + LIBRARY);
        List<Gpu> gpus = new ArrayList<>();
        for (String address : addresses) {
            PointerByReference device = new PointerByReference();
            int error = address.matches("\\d+")
                    ? nvml.nvmlDeviceGetHandleByIndex_v2(Integer.parseInt(address), device)
                    : nvml.nvmlDeviceGetHandleByUUID(address, device);
            check(nvml, error, "open GPU " + address);
            byte[] uuid = new byte[UUID_BYTES];
            check(nvml, nvml.nvmlDeviceGetUUID(device.getValue(), uuid, uuid.length), "identify GPU " + address);
            gpus.add(new Gpu(Native.toString(uuid, StandardCharsets.US_ASCII.name()), device.getValue()));
        }
        return new Nvml(nvml, gpus);
    }

    private static Functions load() throws IOException {
        try {
            return Native.load(LIBRARY, Functions.class);
        } catch (LinkageError e) {
            throw new IOException("cannot load %s (%s)".formatted(LIBRARY, e.getMessage()), e);
        }
    }

    @Override
    public List<Counter> read() throws IOException {
        List<Counter> counters = new ArrayList<>();
        for (Gpu gpu : gpus) {
            LongByReference millijoules = new LongByReference();
            check(nvml, nvml.nvmlDeviceGetTotalEnergyConsumption(gpu.device, millijoules), "read " + gpu.name);
            counters.add(new Counter(gpu.name, "gpu", millijoules.getValue() * 1000, Long.MAX_VALUE));
        }
        return counters;
    }

    private static void check(Functions nvml, int error, String what) throws IOException {
        if (error != 0) {
            throw new IOException("cannot %s: %s".formatted(what, nvml.nvmlErrorString(error)));
        }
    }
}

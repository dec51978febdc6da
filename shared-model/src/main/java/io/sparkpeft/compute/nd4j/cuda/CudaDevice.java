package io.sparkpeft.compute.nd4j.cuda;

import io.sparkpeft.compute.UnusableDeviceException;
import java.util.List;
import java.util.Map;

/**
 * A GPU as its driver lists it.
 *
 * @param index its place on the bus, from 0
 * @param uuid its unchanging name
 * @param name what it is
 * @param capability what machine code it runs
 */
public record CudaDevice(int index, String uuid, String name, Capability capability) {
    /** ND4J's binaries hold machine code for these and, without PTX, for no later generation. */
    private static final Capability OLDEST = new Capability(3, 7);

    private static final Capability NEWEST_COMPILED = new Capability(8, 6);
    /** Code for 8.6 runs on every later device of its generation. */
    private static final Capability NEWEST = new Capability(8, 9);

    private static final int FIELDS = 4;

    /** One line of {@code nvidia-smi --query-gpu=index,uuid,name,compute_cap --format=csv,noheader}. */
    static CudaDevice parse(String line) {
        String[] cells = line.split(",");
        try {
            if (cells.length == FIELDS) {
                return new CudaDevice(
                        Integer.parseUnsignedInt(cells[0].strip()),
                        cells[1].strip(),
                        cells[2].strip(),
                        Capability.parse(cells[3]));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Invalid answer of nvidia-smi: " + line, e);
        }
        throw new IllegalArgumentException("Invalid answer of nvidia-smi: " + line);
    }

    /**
     * Refuses a device that ND4J's kernels cannot run on.
     *
     * @throws UnusableDeviceException with one sentence
     */
    public CudaDevice require() {
        if (capability.compareTo(OLDEST) < 0 || capability.compareTo(NEWEST) > 0) {
            throw new UnusableDeviceException(
                    "Cannot use ND4J's CUDA kernels on %s: compute capability %s, they hold machine code for %s to %s; use model.backend=cuda or cpu"
                            .formatted(name, capability, OLDEST, NEWEST_COMPILED));
        }
        return this;
    }

    /**
     * The device that a task was given.
     *
     * @param address its index or UUID, as Spark's discovery script printed it
     */
    static CudaDevice at(String address, List<CudaDevice> devices) {
        return devices.stream()
                .filter(device -> device.isAt(address))
                .findFirst()
                .orElseThrow(() ->
                        new UnusableDeviceException("Cannot use ND4J's CUDA kernels on GPU %s: the driver lists %s"
                                .formatted(
                                        address,
                                        devices.stream()
                                                .map(d -> d.index + " (" + d.uuid + ")")
                                                .toList())));
    }

    boolean isAt(String address) {
        return address.equals(uuid) || address.equals(Integer.toString(index));
    }

    /**
     * What CUDA calls the device in this process: its place among those that CUDA_VISIBLE_DEVICES lets it see, which
     * CUDA_DEVICE_ORDER=PCI_BUS_ID must hold in the driver's order where a machine's devices differ.
     */
    int ordinal(Map<String, String> environment) {
        String visible = environment.getOrDefault("CUDA_VISIBLE_DEVICES", "");
        if (visible.isBlank()) {
            return index;
        }
        List<String> seen = List.of(visible.strip().split("\\s*,\\s*"));
        for (int i = 0; i < seen.size(); i++) {
            if (isAt(seen.get(i))) {
                return i;
            }
        }
        throw new UnusableDeviceException(
                "Cannot use ND4J's CUDA kernels on GPU %d (%s): CUDA_VISIBLE_DEVICES=%s hides it from this process"
                        .formatted(index, uuid, visible));
    }
}

package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.memory.MemoryBudget;
import java.util.Locale;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUuuid;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * One GPU in this process: its primary context and the compiled kernels, which all backends on it share. Kept until the
 * process ends.
 */
final class CudaContext {
    private static final int NAME_BYTES = 256;
    private static final int UUID_BYTES = 16;

    private final DeviceFacts facts;
    private final CUctx_st context;
    private final MemoryBudget budget;
    private final CUmod_st module;

    private CudaContext(DeviceFacts facts, CUctx_st context, MemoryBudget budget, CUmod_st module) {
        this.facts = facts;
        this.context = context;
        this.budget = budget;
        this.module = module;
    }

    /**
     * Opens a device and compiles the kernels for it, unless a cache holds them.
     *
     * @throws DeviceException if it is too old, or anything fails
     */
    static CudaContext open(DeviceFacts facts, MemoryLimit limit, KernelCache cache) {
        requireNewEnough(facts);
        CUctx_st context = new CUctx_st();
        Status.driver(
                "open a context on " + facts.text(), cudart.cuDevicePrimaryCtxRetain(context, handle(facts.index())));
        Status.driver("use the context of " + facts.text(), cudart.cuCtxSetCurrent(context));
        CUmod_st module = new CUmod_st();
        int code = load(module, cache.code(facts.capability()));
        if (code != cudart.CUDA_SUCCESS) {
            // What was kept may be damaged.
            code = load(module, cache.compiledAnew(facts.capability()));
        }
        Status.driver("load the kernels on " + facts.text(), code);
        return new CudaContext(facts, context, new MemoryBudget(facts, limit.bytes(facts.memory())), module);
    }

    private static int load(CUmod_st module, byte[] code) {
        try (BytePointer bytes = new BytePointer(code)) {
            return cudart.cuModuleLoadData(module, bytes);
        }
    }

    /**
     * Refuses devices that CUDA 13 compiles nothing for.
     *
     * @throws DeviceException with one sentence
     */
    static void requireNewEnough(DeviceFacts facts) {
        if (facts.capability().compareTo(Capability.LOWEST) < 0) {
            throw new DeviceException(
                    "Cannot compute on %s: CUDA 13 compiles for compute capability %s and newer; use model.backend=cpu"
                            .formatted(facts.text(), Capability.LOWEST));
        }
    }

    /** What the driver says of a device. */
    static DeviceFacts facts(int index) {
        int device = handle(index);
        try (BytePointer name = new BytePointer(NAME_BYTES);
                SizeTPointer memory = new SizeTPointer(1);
                CUuuid uuid = new CUuuid()) {
            String what = "ask the driver about GPU " + index;
            Status.driver(what, cudart.cuDeviceGetName(name, NAME_BYTES, device));
            Status.driver(what, cudart.cuDeviceTotalMem(memory, device));
            Status.driver(what, cudart.cuDeviceGetUuid(uuid, device));
            return new DeviceFacts(
                    index,
                    text(uuid),
                    Status.text(name),
                    new Capability(
                            attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device),
                            attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device)),
                    memory.get(),
                    attribute(cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device));
        }
    }

    private static int handle(int index) {
        int[] device = new int[1];
        Status.driver("use GPU " + index, cudart.cuDeviceGet(device, index));
        return device[0];
    }

    private static int attribute(int attribute, int device) {
        int[] value = new int[1];
        Status.driver("ask the driver about a GPU", cudart.cuDeviceGetAttribute(value, attribute, device));
        return value[0];
    }

    /** As nvidia-smi prints it: GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx. */
    private static String text(CUuuid uuid) {
        StringBuilder text = new StringBuilder("GPU-");
        for (int i = 0; i < UUID_BYTES; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                text.append('-');
            }
            text.append(String.format(Locale.ROOT, "%02x", uuid.bytes(i)));
        }
        return text.toString();
    }

    DeviceFacts facts() {
        return facts;
    }

    MemoryBudget budget() {
        return budget;
    }

    CUmod_st module() {
        return module;
    }

    /** Makes the context that of this thread: tasks come and go on many. */
    void enter() {
        Status.driver("use the context of GPU " + facts.index(), cudart.cuCtxSetCurrent(context));
    }
}

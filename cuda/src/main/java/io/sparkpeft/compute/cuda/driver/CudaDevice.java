package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.device.DeviceGraph;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.device.HostMemory;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.device.Region;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUDA_MEMCPY2D_v2;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A stream on a GPU, by the driver's interface. Every call makes the context the thread's own first. */
final class CudaDevice implements Device {
    private static final int MOST_ARGUMENTS = 32;

    private final CudaContext context;
    private final CUstream_st stream;
    private final Map<String, CUfunc_st> functions = new HashMap<>();
    private final Map<Long, Pointer> host = new HashMap<>();
    private final LongPointer slots = new LongPointer(MOST_ARGUMENTS);
    private final PointerPointer<Pointer> arguments = new PointerPointer<>(MOST_ARGUMENTS);
    private final CUDA_MEMCPY2D_v2 copy = new CUDA_MEMCPY2D_v2();
    private final AddressPointer hostAddress = new AddressPointer();
    private final long workspace;
    private final Products products;

    private CudaDevice(CudaContext context, CUstream_st stream, long workspace) {
        this.context = context;
        this.stream = stream;
        this.workspace = workspace;
        this.products = new Products(stream, workspace);
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            arguments.put(i, hostAddress.at(slots.address() + (long) Long.BYTES * i));
        }
        Pointer.memset(copy, 0, copy.sizeof());
    }

    static CudaDevice open(CudaContext context) {
        context.enter();
        CUstream_st stream = new CUstream_st();
        Status.driver("open a stream", cudart.cuStreamCreate(stream, cudart.CU_STREAM_NON_BLOCKING));
        context.budget().take(Products.WORKSPACE);
        return new CudaDevice(context, stream, allocateHere(Products.WORKSPACE, context));
    }

    @Override
    public DeviceFacts facts() {
        return context.facts();
    }

    @Override
    public long allocate(long bytes) {
        context.enter();
        return allocateHere(bytes, context);
    }

    private static long allocateHere(long bytes, CudaContext context) {
        long[] address = new long[1];
        int code = cudart.cuMemAlloc(address, bytes);
        if (code != cudart.CUDA_SUCCESS) {
            Status.driver(
                    "allocate %d bytes on %s".formatted(bytes, context.facts().text()), code);
        }
        return address[0];
    }

    @Override
    public void free(long address) {
        context.enter();
        Status.driver("free device memory", cudart.cuMemFree(address));
    }

    @Override
    public HostMemory allocateHost(int bytes) {
        context.enter();
        Pointer memory = new Pointer();
        Status.driver("allocate %d bytes of pinned memory".formatted(bytes), cudart.cuMemHostAlloc(memory, bytes, 0));
        host.put(memory.address(), memory);
        BytePointer view = new BytePointer(memory).capacity(bytes);
        return new HostMemory(view.asByteBuffer().order(ByteOrder.nativeOrder()), memory.address());
    }

    @Override
    public void freeHost(HostMemory memory) {
        context.enter();
        Status.driver("free pinned memory", cudart.cuMemFreeHost(host.remove(memory.address())));
    }

    @Override
    public void upload(HostMemory source, int offset, Region target) {
        copy.srcMemoryType(cudart.CU_MEMORYTYPE_HOST)
                .srcHost(hostAddress.at(source.address() + offset))
                .srcPitch(target.width())
                .dstMemoryType(cudart.CU_MEMORYTYPE_DEVICE)
                .dstDevice(target.address())
                .dstPitch(pitch(target));
        run(target, "copy to the device");
    }

    @Override
    public void download(Region source, HostMemory target, int offset) {
        copy.srcMemoryType(cudart.CU_MEMORYTYPE_DEVICE)
                .srcDevice(source.address())
                .srcPitch(pitch(source))
                .dstMemoryType(cudart.CU_MEMORYTYPE_HOST)
                .dstHost(hostAddress.at(target.address() + offset))
                .dstPitch(source.width());
        run(source, "copy from the device");
    }

    /** The driver wants no pitch below the width, and none above 2³¹ − 1 bytes; that of a single row says nothing. */
    private static long pitch(Region region) {
        return region.rows() == 1 ? region.width() : Math.max(region.pitch(), region.width());
    }

    private void run(Region region, String what) {
        context.enter();
        copy.WidthInBytes(region.width()).Height(region.rows());
        Status.driver(what, cudart.cuMemcpy2DAsync(copy, stream));
    }

    @Override
    public void launch(String kernel, Geometry geometry, long[] values, int count) {
        context.enter();
        slots.put(values, 0, count);
        Geometry.Grid grid = geometry.grid();
        Geometry.Block block = geometry.block();
        int code = cudart.cuLaunchKernel(
                functions.computeIfAbsent(kernel, this::function),
                grid.x(),
                grid.y(),
                grid.z(),
                block.x(),
                block.y(),
                1,
                0,
                stream,
                arguments,
                (PointerPointer<?>) null);
        if (code != cudart.CUDA_SUCCESS) {
            Status.driver("launch the kernel %s with %s".formatted(kernel, geometry), code);
        }
    }

    private CUfunc_st function(String kernel) {
        CUfunc_st function = new CUfunc_st();
        Status.driver("find the kernel " + kernel, cudart.cuModuleGetFunction(function, context.module(), kernel));
        return function;
    }

    @Override
    public void multiply(Product product, Operand a, Operand b, Operand c) {
        context.enter();
        products.multiply(product, a, b, c);
    }

    @Override
    public DeviceGraph capture(Runnable work) {
        context.enter();
        return CudaGraph.capture(context, stream, work);
    }

    @Override
    public void synchronise() {
        context.enter();
        Status.driver("wait for " + context.facts().name(), cudart.cuStreamSynchronize(stream));
    }

    @Override
    public void close() {
        context.enter();
        products.close();
        Status.driver("free device memory", cudart.cuMemFree(workspace));
        context.budget().give(Products.WORKSPACE);
        Status.driver("close a stream", cudart.cuStreamDestroy(stream));
        slots.close();
        arguments.close();
        copy.close();
    }
}

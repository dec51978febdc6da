package io.sparkpeft.compute.cuda.emulator;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;
import io.sparkpeft.compute.cuda.device.DeviceGraph;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.device.HostMemory;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.device.Region;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device whose memory is the machine's and whose kernels are the module's own, compiled for the processor. What was
 * asked for is done at once. New memory holds NaNs, so that whoever reads what nobody wrote is found out.
 */
public final class EmulatedDevice implements Device {
    public static final DeviceFacts FACTS =
            new DeviceFacts(0, "GPU-emulated", "emulator", new Capability(8, 0), 8L << 30, 4);

    private static final int ALIGNMENT = 256;
    private static final byte NAN = (byte) 0xFF;

    private final Emulator.Functions functions = Emulator.functions();
    private final Map<Long, Memory> device = new HashMap<>();
    private final Map<Long, Memory> host = new HashMap<>();
    private final Map<String, Integer> launches = new HashMap<>();
    private Optional<List<Runnable>> kept = Optional.empty();
    private boolean refusesCaptures;
    private int captures;
    private int graphLaunches;
    private int graphs;
    private int waits;

    @Override
    public DeviceFacts facts() {
        return FACTS;
    }

    @Override
    public long allocate(long bytes) {
        requireNoCapture("allocate");
        Memory memory = new Memory(bytes + ALIGNMENT);
        memory.setMemory(0, bytes + ALIGNMENT, NAN);
        long start = Pointer.nativeValue(memory);
        long address = (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        device.put(address, memory);
        return address;
    }

    @Override
    public void free(long address) {
        requireNoCapture("give memory back");
        device.remove(address).close();
    }

    @Override
    public HostMemory allocateHost(int bytes) {
        Memory memory = new Memory(bytes);
        long address = Pointer.nativeValue(memory);
        host.put(address, memory);
        return new HostMemory(memory.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder()), address);
    }

    @Override
    public void freeHost(HostMemory memory) {
        host.remove(memory.address()).close();
    }

    /** Does it now, or when the graph is launched that it is kept for. */
    private void perform(Runnable work) {
        kept.ifPresentOrElse(list -> list.add(work), work);
    }

    private void requireNoCapture(String what) {
        if (kept.isPresent()) {
            throw new IllegalStateException("Cannot %s: work is being kept".formatted(what));
        }
    }

    @Override
    public DeviceGraph capture(Runnable work) {
        requireNoCapture("keep work");
        List<Runnable> list = new ArrayList<>();
        kept = Optional.of(list);
        try {
            work.run();
        } finally {
            kept = Optional.empty();
        }
        if (refusesCaptures) {
            throw new DeviceException("Cannot capture a stream: the test refuses it");
        }
        captures++;
        graphs++;
        return new DeviceGraph() {
            @Override
            public void launch() {
                graphLaunches++;
                list.forEach(Runnable::run);
            }

            @Override
            public void close() {
                graphs--;
            }
        };
    }

    /** Lets captures fail, or no more. */
    public void refuseCaptures(boolean refuse) {
        refusesCaptures = refuse;
    }

    /** Graphs that were made. */
    public int captures() {
        return captures;
    }

    /** Graphs that were launched. */
    public int graphLaunches() {
        return graphLaunches;
    }

    /** Graphs that were not given up. */
    public int graphs() {
        return graphs;
    }

    @Override
    public void upload(HostMemory source, int offset, Region target) {
        perform(() -> uploadNow(source, offset, target));
    }

    private static void uploadNow(HostMemory source, int offset, Region target) {
        for (int r = 0; r < target.rows(); r++) {
            copy(source.address() + offset + r * target.width(), target.address() + r * target.pitch(), target.width());
        }
    }

    @Override
    public void download(Region source, HostMemory target, int offset) {
        perform(() -> downloadNow(source, target, offset));
    }

    private static void downloadNow(Region source, HostMemory target, int offset) {
        for (int r = 0; r < source.rows(); r++) {
            copy(source.address() + r * source.pitch(), target.address() + offset + r * source.width(), source.width());
        }
    }

    private static void copy(long from, long to, long bytes) {
        new Pointer(to).getByteBuffer(0, bytes).put(new Pointer(from).getByteBuffer(0, bytes));
    }

    @Override
    public void launch(String kernel, Geometry geometry, long[] slots, int count) {
        long[] arguments = slots.clone();
        perform(() -> launchNow(kernel, geometry, arguments, count));
    }

    private void launchNow(String kernel, Geometry geometry, long[] slots, int count) {
        int[] grid = {geometry.grid().x(), geometry.grid().y(), geometry.grid().z()};
        int[] block = {geometry.block().x(), geometry.block().y(), 1};
        int code = functions.emulator_launch(kernel, grid, block, slots, count);
        if (code != 0) {
            throw new IllegalStateException("Cannot launch %s with %d arguments: code %d (%s)"
                    .formatted(kernel, count, code, functions.emulator_message()));
        }
        launches.merge(kernel, 1, Integer::sum);
    }

    @Override
    public void multiply(Product product, Operand a, Operand b, Operand c) {
        perform(() -> multiplyNow(product, a, b, c));
    }

    private void multiplyNow(Product product, Operand a, Operand b, Operand c) {
        Product.Shape shape = product.shape();
        boolean rounded = product.inputs() == Product.Inputs.BFLOAT16;
        int size = rounded ? Short.BYTES : Float.BYTES;
        for (int i = 0; i < product.batches(); i++) {
            functions.emulator_gemm(
                    shape.transposeA() ? 1 : 0,
                    shape.transposeB() ? 1 : 0,
                    shape.m(),
                    shape.n(),
                    shape.k(),
                    product.alpha(),
                    new Pointer(a.address() + i * a.step() * size),
                    a.leading(),
                    new Pointer(b.address() + i * b.step() * size),
                    b.leading(),
                    product.beta(),
                    new Pointer(c.address() + i * c.step() * Float.BYTES),
                    c.leading(),
                    rounded ? 1 : 0);
        }
    }

    @Override
    public void synchronise() {
        requireNoCapture("wait");
        waits++;
    }

    /** How often the device was waited for. */
    public int waits() {
        return waits;
    }

    /** How often each kernel was launched. */
    public Map<String, Integer> launches() {
        return launches;
    }

    /** Pieces of device memory that were not given back. */
    public int pieces() {
        return device.size();
    }

    @Override
    public void close() {
        if (!device.isEmpty() || !host.isEmpty() || graphs > 0) {
            throw new IllegalStateException(
                    "Cannot close the device: %d pieces of its memory, %d of the machine's and %d graphs are held"
                            .formatted(device.size(), host.size(), graphs));
        }
    }
}

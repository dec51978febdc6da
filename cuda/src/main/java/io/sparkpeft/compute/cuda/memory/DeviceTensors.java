package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Region;
import java.util.IdentityHashMap;
import java.util.Map;

/** The tensors of one backend: memory of its arena, and views of other backends' tensors. */
public final class DeviceTensors {
    private final Device device;
    private final DeviceArena arena;
    private final RoundedFactors factors;
    /** Address of each buffer that was not given back. */
    private final Map<DeviceBuffer, Long> live = new IdentityHashMap<>();

    public DeviceTensors(Workspace work) {
        this.device = work.device();
        this.arena = work.arena();
        this.factors = work.factors();
    }

    /** A matrix whose content is undefined. */
    public CudaTensor allocate(int rows, int columns) {
        long bytes = (long) Float.BYTES * Math.multiplyExact(rows, columns);
        long address = arena.allocate(bytes);
        DeviceBuffer buffer = DeviceBuffer.of(device, factors, Region.of(address, bytes));
        live.put(buffer, address);
        return new CudaTensor(buffer, 0, rows, columns, columns);
    }

    /**
     * Gives the memory of a tensor and its views back, or a view of another backend's alone. The lender may give its memory
     * back then, so that what reads it is waited for.
     */
    public void free(CudaTensor tensor) {
        DeviceBuffer buffer = tensor.buffer();
        Long address = live.remove(buffer);
        if (address != null) {
            buffer.retire();
            if (buffer.isBorrowed()) {
                device.synchronise();
            } else {
                arena.free(address);
            }
        }
    }

    public CudaTensor borrow(CudaTensor lent) {
        DeviceBuffer buffer = lent.buffer().borrowed(device, factors);
        live.put(buffer, buffer.address());
        return lent.in(buffer);
    }

    /** Part of a dense tensor in another shape. */
    public CudaTensor reshape(CudaTensor base, int offset, int rows, int columns) {
        return base.shaped(offset, rows, columns);
    }

    /** No tensor can be used any more. */
    public void close() {
        live.keySet().forEach(DeviceBuffer::retire);
        live.clear();
    }
}

package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.HostMemory;
import io.sparkpeft.compute.cuda.device.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The way of small arrays to the device: a ring of the machine's memory and one of the same size on the device. The
 * arrays of one call are put side by side and go over in one copy. Only when the ring is full, the device is waited for;
 * until then neither end of an earlier copy is written again.
 */
public final class Staging implements AutoCloseable {
    private static final int SMALLEST = 64 << 10;
    /** Bytes up to which a full ring grows instead of waiting. */
    private static final int LARGE = 16 << 20;

    private static final int ALIGNMENT = 16;

    private final Device device;
    private final DeviceArena arena;
    private final RoundedFactors factors;
    private HostMemory host;
    private long address;
    private int capacity;
    /** Where the current call's arrays start, and where the next goes. */
    private int start;

    private int end;

    Staging(Device device, DeviceArena arena, RoundedFactors factors) {
        this.device = device;
        this.arena = arena;
        this.factors = factors;
        this.host = device.allocateHost(SMALLEST);
        this.address = arena.allocate(SMALLEST);
        this.capacity = SMALLEST;
    }

    /** Starts the arrays of a call, which hold so many numbers of 4 bytes together. */
    public void begin(long numbers, int arrays) {
        int bytes = Math.toIntExact(Integer.BYTES * numbers + (long) arrays * ALIGNMENT);
        if (bytes > capacity || (bytes > capacity - end && capacity < LARGE)) {
            grow(bytes);
        } else if (bytes > capacity - end) {
            await();
            end = 0;
        }
        start = end;
    }

    /** Waits for the device. What was asked of it may not have been done where that fails. */
    private void await() {
        try {
            device.synchronise();
        } catch (RuntimeException | Error e) {
            factors.forget();
            throw e;
        }
    }

    private void grow(int bytes) {
        await();
        device.freeHost(host);
        arena.free(address);
        capacity = Math.max(bytes, (int) Math.min(Integer.MAX_VALUE - ALIGNMENT, 2L * capacity));
        host = device.allocateHost(capacity);
        address = arena.allocate(capacity);
        end = 0;
    }

    /** Puts a part of an array; where it will be on the device. */
    public long put(int[] values, int from, int count) {
        part(end, count).asIntBuffer().put(values, from, count);
        return advance(count);
    }

    /** Puts a part of an array; where it will be on the device. */
    public long put(float[] values, int from, int count) {
        part(end, count).asFloatBuffer().put(values, from, count);
        return advance(count);
    }

    private ByteBuffer part(int from, int count) {
        return host.bytes().slice(from, Integer.BYTES * count).order(ByteOrder.nativeOrder());
    }

    private long advance(int count) {
        long place = address + end;
        end += (Integer.BYTES * count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return place;
    }

    /** Sends all that was put since {@link #begin}; the device has it before what is asked of it next. */
    public void send() {
        if (end > start) {
            device.upload(host, start, Region.of(address + start, end - start));
        }
    }

    /** Sends the one array that was put since {@link #begin} to where it belongs. */
    public void send(Region target) {
        device.upload(host, start, target);
    }

    /** Fetches numbers into a part of an array, and waits for them. */
    public void receive(Region source, float[] target, int from, int count) {
        begin(count, 1);
        device.download(source, host, start);
        factors.endSegment();
        await();
        part(start, count).asFloatBuffer().get(target, from, count);
        end = 0;
    }

    /** Fetches numbers, and waits for them. */
    public void receive(Region source, double[] target) {
        int numbers = Math.multiplyExact(target.length, Double.BYTES / Integer.BYTES);
        begin(numbers, 1);
        device.download(source, host, start);
        factors.endSegment();
        await();
        part(start, numbers).asDoubleBuffer().get(target);
        end = 0;
    }

    @Override
    public void close() {
        device.freeHost(host);
        arena.free(address);
    }
}

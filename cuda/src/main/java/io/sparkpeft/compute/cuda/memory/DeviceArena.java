package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory of one backend on its device, taken in large chunks and cut into pieces: first fit, neighbours joined when they
 * are given back. A piece given back may be cut again at once, since the device does everything in the order of calls.
 */
public final class DeviceArena implements AutoCloseable {
    /** Bytes of the first chunk; each further one is twice as large, up to the largest. */
    private static final long SMALLEST_CHUNK = 4L << 20;

    private static final int LARGEST_DOUBLINGS = 4;
    /** Pieces start at multiples of this many bytes, so that rows of whole transactions stay whole. */
    private static final long ALIGNMENT = 256;

    private final Device device;
    private final MemoryBudget budget;
    /** Bytes of each chunk by address. */
    private final Map<Long, Long> chunks = new HashMap<>();
    /** Bytes of each free piece by address. */
    private final TreeMap<Long, Long> free = new TreeMap<>();

    private final Map<Long, Long> taken = new HashMap<>();
    private Runnable makeRoom = () -> {};

    public DeviceArena(Device device, MemoryBudget budget) {
        this.device = device;
        this.budget = budget;
    }

    /** Says how pieces are given back that are held only for as long as nobody else needs them. */
    void whenShort(Runnable action) {
        makeRoom = action;
    }

    /**
     * A piece whose content is undefined; its address.
     *
     * @throws DeviceException if the budget or the device has no more
     */
    public long allocate(long bytes) {
        long size = Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        long address = fit(size);
        if (address == 0) {
            address = grown(size);
        }
        long rest = free.remove(address) - size;
        if (rest > 0) {
            free.put(address + size, rest);
        }
        taken.put(address, size);
        return address;
    }

    private long fit(long size) {
        for (Map.Entry<Long, Long> piece : free.entrySet()) {
            if (piece.getValue() >= size) {
                return piece.getKey();
            }
        }
        return 0;
    }

    private long grown(long size) {
        try {
            grow(size);
        } catch (DeviceException e) {
            makeRoom.run();
            long address = fit(size);
            if (address == 0) {
                throw e;
            }
            return address;
        }
        return fit(size);
    }

    private void grow(long size) {
        long chunk = SMALLEST_CHUNK << Math.min(chunks.size(), LARGEST_DOUBLINGS);
        long bytes = chunk <= budget.limit() - budget.held() ? Math.max(size, chunk) : size;
        budget.take(bytes);
        long address;
        try {
            address = device.allocate(bytes);
        } catch (RuntimeException e) {
            budget.give(bytes);
            throw e;
        }
        chunks.put(address, bytes);
        free.put(address, bytes);
    }

    /** Gives a piece back. */
    public void free(long address) {
        Long size = taken.remove(address);
        if (size == null) {
            throw new IllegalArgumentException(
                    "Cannot free memory at %x: it is no piece of this arena".formatted(address));
        }
        long start = address;
        long bytes = size;
        Map.Entry<Long, Long> before = free.lowerEntry(address);
        if (before != null && before.getKey() + before.getValue() == address && !chunks.containsKey(address)) {
            start = before.getKey();
            bytes += before.getValue();
        }
        Long after = chunks.containsKey(address + size) ? null : free.remove(address + size);
        free.put(start, after == null ? bytes : bytes + after);
    }

    /** Bytes of pieces that are in use. */
    public long used() {
        return taken.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes that all arenas of the budget have taken from the device. */
    public long held() {
        return budget.held();
    }

    /** Gives all chunks back to the device. */
    @Override
    public void close() {
        chunks.forEach((address, bytes) -> {
            device.free(address);
            budget.give(bytes);
        });
        chunks.clear();
        free.clear();
        taken.clear();
    }
}

package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.DeviceFacts;

/** Device memory that the backends of this process may hold together on one GPU. */
public final class MemoryBudget {
    /** System property: the limit in bytes, or with k, m or g behind the number. */
    public static final String LIMIT = "sparkpeft.cuda.memory";

    private final DeviceFacts facts;
    private final long limit;
    private long held;
    private long peak;

    public MemoryBudget(DeviceFacts facts, long limit) {
        this.facts = facts;
        this.limit = limit;
    }

    /**
     * Counts memory before it is taken.
     *
     * @throws DeviceException if that would be more than the limit
     */
    public synchronized void take(long bytes) {
        if (bytes > limit - held) {
            throw new DeviceException("Cannot allocate %d bytes on %s: %d of %d are held (the limit is set by -D%s)"
                    .formatted(bytes, facts.text(), held, limit, LIMIT));
        }
        held += bytes;
        peak = Math.max(peak, held);
    }

    /** Counts memory after it was given back. */
    public synchronized void give(long bytes) {
        held -= bytes;
    }

    public long limit() {
        return limit;
    }

    /** Bytes taken from the device now, free parts of chunks among them. */
    public synchronized long held() {
        return held;
    }

    /** The most that was held at once. */
    public synchronized long peak() {
        return peak;
    }
}

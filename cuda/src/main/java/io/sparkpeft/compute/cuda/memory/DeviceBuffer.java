package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import io.sparkpeft.compute.cuda.device.Region;
import java.nio.ReadOnlyBufferException;

/** Memory of one tensor on a device, or another backend's view of it, which can be read only. */
public final class DeviceBuffer {
    private final Device device;
    private final RoundedFactors factors;
    private final Region memory;
    private final boolean borrowed;
    private boolean freed;

    private DeviceBuffer(Device device, RoundedFactors factors, Region memory, boolean borrowed) {
        this.device = device;
        this.factors = factors;
        this.memory = memory;
        this.borrowed = borrowed;
    }

    /** @param factors that may be made of it */
    static DeviceBuffer of(Device device, RoundedFactors factors, Region memory) {
        return new DeviceBuffer(device, factors, memory, false);
    }

    /** The same memory for another backend of the same device, once all that was written to it is there. */
    DeviceBuffer borrowed(Device borrower, RoundedFactors borrowersFactors) {
        String lent = device.facts().uuid();
        if (!lent.equals(borrower.facts().uuid())) {
            throw new DeviceException("Cannot share a tensor of GPU %s with %s"
                    .formatted(lent, borrower.facts().uuid()));
        }
        address();
        device.synchronise();
        return new DeviceBuffer(borrower, borrowersFactors, memory, true);
    }

    /** Where it starts, to be read. */
    long address() {
        if (freed) {
            throw new IllegalStateException("Cannot use a tensor: its memory was given back");
        }
        return memory.address();
    }

    void requireWritable() {
        address();
        if (borrowed) {
            throw new ReadOnlyBufferException();
        }
    }

    /** Part of it is written next. */
    void changed(long first, long end) {
        factors.changed(first, end);
    }

    boolean isBorrowed() {
        return borrowed;
    }

    /** Any later use fails instead of reading what belongs to others, who write there unseen. */
    void retire() {
        freed = true;
        factors.changed(memory.address(), memory.address() + memory.width());
    }
}

package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.DeviceException;
import java.nio.ReadOnlyBufferException;

/** Memory of one tensor on a device, or another backend's view of it, which can be read only. */
public final class DeviceBuffer {
    private final Device device;
    private final long address;
    private final boolean borrowed;
    private boolean freed;

    private DeviceBuffer(Device device, long address, boolean borrowed) {
        this.device = device;
        this.address = address;
        this.borrowed = borrowed;
    }

    static DeviceBuffer of(Device device, long address) {
        return new DeviceBuffer(device, address, false);
    }

    /** The same memory for another backend of the same device, once all that was written to it is there. */
    DeviceBuffer borrowed(Device borrower) {
        String lent = device.facts().uuid();
        if (!lent.equals(borrower.facts().uuid())) {
            throw new DeviceException("Cannot share a tensor of GPU %s with %s"
                    .formatted(lent, borrower.facts().uuid()));
        }
        address();
        device.synchronise();
        return new DeviceBuffer(borrower, address, true);
    }

    /** Where it starts, to be read. */
    long address() {
        if (freed) {
            throw new IllegalStateException("Cannot use a tensor: its memory was given back");
        }
        return address;
    }

    void requireWritable() {
        address();
        if (borrowed) {
            throw new ReadOnlyBufferException();
        }
    }

    boolean isBorrowed() {
        return borrowed;
    }

    /** Any later use fails instead of reading what belongs to others. */
    void retire() {
        freed = true;
    }
}

package io.sparkpeft.compute.cuda.device;

/** Work that a device keeps, to do it again with one call each time. */
public interface DeviceGraph extends AutoCloseable {
    /**
     * Does the work, in the order of calls like everything else. Copies take what the machine's memory holds when they are
     * done, not what it held when they were asked for.
     */
    void launch();

    /** Gives it up; what it was launched for must have been waited for. */
    @Override
    void close();
}

package io.sparkpeft.compute.cuda.device;

/**
 * Rows of bytes in a device's memory.
 *
 * @param address of the first
 * @param pitch bytes from one row to the next
 * @param width bytes of a row
 * @param rows how many
 */
public record Region(long address, long pitch, long width, int rows) {
    /** Bytes without gaps. */
    public static Region of(long address, long bytes) {
        return new Region(address, bytes, bytes, 1);
    }
}

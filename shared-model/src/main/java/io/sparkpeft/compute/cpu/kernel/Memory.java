package io.sparkpeft.compute.cpu.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * One allocation outside the heap, seen three ways: by plain code as a buffer of floats, by the Vector API as a memory
 * segment or a buffer, by OpenBLAS as a pointer. Starts at a cache line and has {@link #PADDING} readable floats behind
 * its end, so that the last vector of a row may be loaded whole. JavaCPP counts it against its limit
 * {@code org.bytedeco.javacpp.maxbytes}.
 */
public final class Memory {
    /** The widest vector there is (2048 bits), in floats. */
    static final int PADDING = 64;
    /** Most floats of one allocation: what a buffer of bytes can address. */
    public static final int LARGEST = Integer.MAX_VALUE / Float.BYTES - PADDING;

    private static final int CACHE_LINE = 64;

    private final FloatPointer owner;
    private final FloatPointer left;
    private final FloatPointer right;
    private final FloatPointer result;
    private final int origin;
    private ByteBuffer bytes;
    private FloatBuffer floats;
    private Object lanes;

    /** Zeros. */
    public Memory(int size) {
        if (size > LARGEST) {
            throw new IllegalArgumentException(
                    "Cannot allocate a tensor of %d floats: the cpu backend holds at most %d".formatted(size, LARGEST));
        }
        long floatsHeld = (long) size + PADDING + CACHE_LINE / Float.BYTES;
        owner = new FloatPointer(floatsHeld);
        Pointer.memset(owner, 0, floatsHeld * Float.BYTES);
        origin = (int) ((CACHE_LINE - owner.address() % CACHE_LINE) % CACHE_LINE) / Float.BYTES;
        left = new FloatPointer(owner);
        right = new FloatPointer(owner);
        result = new FloatPointer(owner);
        FloatPointer first = new FloatPointer(owner).position(origin).limit(origin + size + PADDING);
        bytes = first.asByteBuffer().slice().order(ByteOrder.nativeOrder());
        floats = bytes.asFloatBuffer();
        lanes = Segments.of(bytes);
    }

    public ByteBuffer bytes() {
        return bytes;
    }

    public FloatBuffer floats() {
        return floats;
    }

    /** What the Vector API loads from: a memory segment where the JDK has them, else {@link #bytes}. */
    public Object lanes() {
        return lanes;
    }

    /** The left factor of a product, starting at a float. Valid until the next call. */
    public FloatPointer left(int offset) {
        return left.position(origin + offset);
    }

    /** The right factor of a product, starting at a float. Valid until the next call. */
    public FloatPointer right(int offset) {
        return right.position(origin + offset);
    }

    /** The result of a product, starting at a float. Valid until the next call. */
    public FloatPointer result(int offset) {
        return result.position(origin + offset);
    }

    /** Gives the memory back; any later use of the buffers fails instead of reading what is not ours. */
    public void free() {
        bytes = ByteBuffer.allocate(0);
        floats = FloatBuffer.allocate(0);
        lanes = bytes;
        owner.deallocate();
    }
}

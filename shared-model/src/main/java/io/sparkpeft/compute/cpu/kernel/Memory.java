package io.sparkpeft.compute.cpu.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * One allocation outside the heap, seen three ways: by plain code as a buffer of floats, by the Vector API as a memory
 * segment or a buffer, by OpenBLAS as a pointer. Starts at a cache line and has {@link #PADDING} readable floats behind
 * its end, so that the last vector of a row may be loaded whole. JavaCPP counts it against its limit
 * {@code org.bytedeco.javacpp.maxbytes}.
 *
 * <p>Pointers and buffers have a position, so an object of this class serves one thread; threads that read the same
 * allocation each have their own view of it, through which nothing can be written.
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
    private final boolean borrowed;
    private ByteBuffer bytes;
    private FloatBuffer floats;
    private Object lanes;
    private boolean freed;

    /** Zeros. */
    public Memory(int size) {
        if (size > LARGEST) {
            throw new IllegalArgumentException(
                    "Cannot allocate a tensor of %d floats: the cpu backend holds at most %d".formatted(size, LARGEST));
        }
        long floatsHeld = (long) size + PADDING + CACHE_LINE / Float.BYTES;
        borrowed = false;
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

    private Memory(Memory lender) {
        borrowed = true;
        owner = lender.owner;
        origin = lender.origin;
        left = new FloatPointer(owner);
        right = new FloatPointer(owner);
        result = new FloatPointer(owner);
        bytes = lender.bytes.asReadOnlyBuffer().order(ByteOrder.nativeOrder());
        floats = bytes.asFloatBuffer();
        lanes = Segments.of(bytes);
    }

    /** The same memory for another thread, which can read it only; valid until this one is freed. */
    public Memory borrowed() {
        requireLive();
        return new Memory(this);
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
        requireLive();
        return left.position(origin + offset);
    }

    /** The right factor of a product, starting at a float. Valid until the next call. */
    public FloatPointer right(int offset) {
        requireLive();
        return right.position(origin + offset);
    }

    /** The result of a product, starting at a float. Valid until the next call. */
    public FloatPointer result(int offset) {
        requireLive();
        if (borrowed) {
            throw new ReadOnlyBufferException();
        }
        return result.position(origin + offset);
    }

    private void requireLive() {
        if (freed) {
            throw new IllegalStateException("Cannot use a tensor: its memory was given back");
        }
    }

    /**
     * Gives the memory back, or the view of it; any later use of the buffers fails instead of reading what is not ours.
     */
    public void free() {
        freed = true;
        bytes = ByteBuffer.allocate(0);
        floats = FloatBuffer.allocate(0);
        lanes = bytes;
        if (!borrowed) {
            owner.deallocate();
        }
    }
}

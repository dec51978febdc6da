package io.sparkpeft.compute.cpu.kernel;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/**
 * Buffers as memory segments. The Vector API reads buffers up to JDK 18 and segments from 19 on; the class of segments
 * is looked up by name, because Java 17 does not have it.
 */
public final class Segments {
    /** The class of segments, or Object where the Vector API still reads buffers. */
    public static final Class<?> TYPE;

    private static final MethodHandle OF_BUFFER;

    static {
        Class<?> type = Object.class;
        MethodHandle ofBuffer = MethodHandles.identity(Object.class);
        if (Runtime.version().feature() >= 19) {
            try {
                type = Class.forName("java.lang.foreign.MemorySegment");
                ofBuffer = MethodHandles.publicLookup()
                        .findStatic(type, "ofBuffer", MethodType.methodType(type, Buffer.class));
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
        TYPE = type;
        OF_BUFFER = ofBuffer.asType(MethodType.methodType(Object.class, ByteBuffer.class));
    }

    private Segments() {}

    /** Whether the Vector API of this JDK reads segments. */
    public static boolean used() {
        return TYPE != Object.class;
    }

    static Object of(ByteBuffer bytes) {
        try {
            return (Object) OF_BUFFER.invokeExact(bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot see a buffer as a memory segment: " + e.getMessage(), e);
        }
    }
}

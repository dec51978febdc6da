package io.sparkpeft.compute.cpu.vector.lane;

import io.sparkpeft.compute.cpu.kernel.Memory;
import io.sparkpeft.compute.cpu.kernel.Segments;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loads and stores of vectors, in every JDK's way: {@code fromByteBuffer} up to JDK 18, {@code fromMemorySegment} from
 * 19 on, the latter through constant method handles, which compile to the same instructions as a call.
 */
public final class Lanes {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, FloatVector.SPECIES_PREFERRED.vectorShape());
    /** Floats of one vector. */
    public static final int COUNT = SPECIES.length();

    public static final FloatVector ZERO = FloatVector.zero(SPECIES);

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final boolean SEGMENTS = Segments.used();
    private static final MethodHandle LOAD = SEGMENTS ? loadHandle() : null;
    private static final MethodHandle STORE = SEGMENTS ? storeHandle() : null;
    /** For the last vector of a row: the mask of its first n lanes. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final VectorMask<Float>[] FIRST = new VectorMask[COUNT + 1];

    static {
        for (int n = 0; n <= COUNT; n++) {
            FIRST[n] = SPECIES.indexInRange(0, n);
        }
    }

    private Lanes() {}

    /** How many of n floats fill whole vectors. */
    public static int whole(int n) {
        return n - n % COUNT;
    }

    public static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** What a sum starts from: a constant object would make the sum an object too, a new one in every step. */
    public static FloatVector zero() {
        return FloatVector.zero(SPECIES);
    }

    /** The vector that starts at a float. */
    public static FloatVector load(Memory memory, int place) {
        if (SEGMENTS) {
            try {
                return (FloatVector) LOAD.invokeExact(memory.lanes(), (long) place << 2);
            } catch (Throwable e) {
                throw rethrown(e);
            }
        }
        return FloatVector.fromByteBuffer(SPECIES, memory.bytes(), place << 2, ORDER);
    }

    public static void store(FloatVector value, Memory memory, int place) {
        if (SEGMENTS) {
            try {
                STORE.invokeExact(value, memory.lanes(), (long) place << 2);
                return;
            } catch (Throwable e) {
                throw rethrown(e);
            }
        }
        value.intoByteBuffer(memory.bytes(), place << 2, ORDER);
    }

    /** Stores the first n lanes, or all if n is more than there are; what lies behind keeps its value. */
    public static void store(FloatVector value, int n, Memory memory, int place) {
        if (n >= COUNT) {
            store(value, memory, place);
        } else {
            store(load(memory, place).blend(value, FIRST[n]), memory, place);
        }
    }

    /** The vector with the other value in all lanes but the first n, if n is less than there are. */
    public static FloatVector first(FloatVector value, int n, FloatVector other) {
        return n >= COUNT ? value : other.blend(value, FIRST[n]);
    }

    private static MethodHandle loadHandle() {
        MethodType type = MethodType.methodType(
                FloatVector.class, VectorSpecies.class, Segments.TYPE, long.class, ByteOrder.class);
        try {
            MethodHandle handle = MethodHandles.lookup().findStatic(FloatVector.class, "fromMemorySegment", type);
            return MethodHandles.insertArguments(MethodHandles.insertArguments(handle, 3, ORDER), 0, SPECIES)
                    .asType(MethodType.methodType(FloatVector.class, Object.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static MethodHandle storeHandle() {
        MethodType type = MethodType.methodType(void.class, Segments.TYPE, long.class, ByteOrder.class);
        try {
            MethodHandle handle = MethodHandles.lookup().findVirtual(FloatVector.class, "intoMemorySegment", type);
            return MethodHandles.insertArguments(handle, 3, ORDER)
                    .asType(MethodType.methodType(void.class, FloatVector.class, Object.class, long.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static RuntimeException rethrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}

package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Region;
import java.util.EnumMap;
import java.util.Map;

/** Device memory that kernels need beside their arguments; grows to what was needed and stays. */
public final class Scratch {
    private final Device device;
    private final DeviceArena arena;
    private final RoundedFactors factors;
    private final Map<Use, Piece> pieces = new EnumMap<>(Use.class);

    /** What scratch memory is for; two uses never share memory. */
    public enum Use {
        PARTIAL_SUMS,
        ATTENTION_GRADIENTS,
        PRODUCT,
        LEFT_FACTOR,
        RIGHT_FACTOR,
        VALUES
    }

    private record Piece(long address, long bytes) {}

    Scratch(Device device, DeviceArena arena, RoundedFactors factors) {
        this.device = device;
        this.arena = arena;
        this.factors = factors;
    }

    /** Memory whose content is undefined and about to be written; valid until more is asked for the same use. */
    public long bytes(Use use, long bytes) {
        Piece piece = pieces.get(use);
        if (piece == null || piece.bytes() < bytes) {
            if (piece != null) {
                arena.free(piece.address());
                pieces.remove(use);
            }
            piece = new Piece(arena.allocate(bytes), bytes);
            pieces.put(use, piece);
        }
        factors.changed(piece.address(), piece.address() + piece.bytes());
        return piece.address();
    }

    /** The same in floats. */
    public long floats(Use use, long count) {
        return bytes(use, Float.BYTES * count);
    }

    /** The same as a matrix. */
    public CudaTensor matrix(Use use, int rows, int columns) {
        long count = (long) rows * columns;
        Region memory = Region.of(floats(use, count), Float.BYTES * count);
        return new CudaTensor(DeviceBuffer.of(device, factors, memory), 0, rows, columns, columns);
    }
}

package io.sparkpeft.model.safetensors;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types of a safetensors file. */
public enum DataType {
    F64(8, true),
    F32(4, true),
    F16(2, true),
    BF16(2, true),
    I64(8, false),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    U8(1, false),
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    DataType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return floating;
    }

    static Optional<DataType> byName(String name) {
        for (DataType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Reads elements from a little-endian buffer and converts them to float32. */
    void decode(ByteBuffer source, float[] target, int offset, int count) {
        switch (this) {
            case F32 -> source.asFloatBuffer().get(target, offset, count);
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = (float) source.getDouble(8 * i);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = halfToFloat(source.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[offset + i] = Float.intBitsToFloat(source.getShort(2 * i) << 16);
                }
            }
            default -> throw new IllegalArgumentException("Cannot read %s values as floats".formatted(this));
        }
    }

    /** The value of an IEEE 754 half-precision number: 1 sign bit, 5 exponent bits, 10 fraction bits. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | sign);
        }
        int floatExponent = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (floatExponent << 23) | (fraction << 13));
    }
}

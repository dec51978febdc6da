package io.sparkpeft.delta;

import java.nio.ByteBuffer;

/** How a delta stores its values. */
public enum ValueType {
    /** No values: a mask. */
    NONE(0) {
        @Override
        void put(ByteBuffer buffer, float value) {
            throw new IllegalStateException("A mask has no values");
        }

        @Override
        float take(ByteBuffer buffer) {
            throw new IllegalStateException("A mask has no values");
        }
    },
    /** The float itself. */
    F32(Float.BYTES) {
        @Override
        void put(ByteBuffer buffer, float value) {
            buffer.putFloat(value);
        }

        @Override
        float take(ByteBuffer buffer) {
            return buffer.getFloat();
        }
    },
    /** The upper half of the float, rounded to nearest, ties to even. */
    BF16(Short.BYTES) {
        @Override
        void put(ByteBuffer buffer, float value) {
            int bits = Float.floatToIntBits(value);
            boolean number = !Float.isNaN(value);
            int rounded = number ? bits + 0x7FFF + (bits >>> 16 & 1) : bits;
            buffer.putShort((short) (rounded >>> 16));
        }

        @Override
        float take(ByteBuffer buffer) {
            return Float.intBitsToFloat(buffer.getShort() << 16);
        }
    };

    private final int bytes;

    ValueType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    abstract void put(ByteBuffer buffer, float value);

    abstract float take(ByteBuffer buffer);
}

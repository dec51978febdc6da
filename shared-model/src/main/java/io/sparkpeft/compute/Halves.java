package io.sparkpeft.compute;

/**
 * A matrix [r, c] whose floats have nothing in their lower halves, in the memory of r·⌈c/2⌉ floats: entry j of a row of h
 * = ⌈c/2⌉ has column j in its upper half and column h + j in its lower half, so that both are unpacked side by side.
 */
public final class Halves {
    private static final int UPPER = 0xFFFF0000;

    private Halves() {}

    /** Floats of a packed row. */
    public static int width(int columns) {
        return (columns + 1) / 2;
    }

    /**
     * Packs rows; lower halves are lost.
     *
     * @param values [rows, columns], row-major
     * @param packed [rows, {@link #width}], written
     */
    public static void pack(float[] values, int rows, int columns, float[] packed) {
        int width = width(columns);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j++) {
                int upper = Float.floatToRawIntBits(values[r * columns + j]) & UPPER;
                int lower = width + j < columns ? Float.floatToRawIntBits(values[r * columns + width + j]) >>> 16 : 0;
                packed[r * width + j] = Float.intBitsToFloat(upper | lower);
            }
        }
    }

    /** The value in the upper half. */
    public static float upper(float packed) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(packed) & UPPER);
    }

    /** The value in the lower half. */
    public static float lower(float packed) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(packed) << 16);
    }

    /** {@link Backend#expand} by way of ordinary memory. */
    public static void expand(Backend backend, Tensor packed, Tensor target) {
        int width = packed.columns();
        int columns = target.columns();
        float[] halves = new float[packed.size()];
        backend.download(packed, halves, 0);
        float[] values = new float[target.size()];
        for (int i = 0; i < halves.length; i++) {
            int column = i % width;
            int row = i / width * columns;
            values[row + column] = upper(halves[i]);
            if (width + column < columns) {
                values[row + width + column] = lower(halves[i]);
            }
        }
        backend.upload(values, 0, target);
    }
}

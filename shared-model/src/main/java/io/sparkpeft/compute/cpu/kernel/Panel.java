package io.sparkpeft.compute.cpu.kernel;

/**
 * Columns of a tensor as rows, on the heap, where vectors can be gathered from. Grows to what was needed and stays.
 */
public final class Panel {
    /** Most places of a row. */
    public static final int LENGTH = 512;
    /** The longest vector there is, in floats: rows are filled up to a multiple of it with zeros. */
    public static final int VECTOR = Memory.PADDING;
    /** Floats from one row to the next: a cache line more than a row, so that rows do not share their cache sets. */
    public static final int STRIDE = LENGTH + 16;
    /** Rows of a tensor that are turned at once: a cache line of the result. */
    public static final int BAND = 16;

    private float[] values = new float[0];
    private float[] band = new float[0];
    private int[] column = new int[0];
    private int bandColumns;
    private int length;

    /** Takes so many columns of so many rows in, whose values are written next. */
    public void resize(int rows, int columns) {
        if (values.length < columns * STRIDE) {
            values = new float[Math.multiplyExact(columns, STRIDE)];
            band = new float[columns * BAND];
        }
        if (bandColumns != columns) {
            bandColumns = columns;
            column = new int[BAND];
            for (int i = 0; i < BAND; i++) {
                column[i] = i * columns;
            }
        }
        length = (rows + VECTOR - 1) / VECTOR * VECTOR;
    }

    public float[] values() {
        return values;
    }

    /** Scratch memory for {@link #BAND} rows of the tensor. */
    public float[] band() {
        return band;
    }

    /** Where the rows of the band start: the places of a column's entries. */
    public int[] column() {
        return column;
    }

    /** Places of a row that are in use, zeros at the end included: whole vectors. */
    public int length() {
        return length;
    }
}

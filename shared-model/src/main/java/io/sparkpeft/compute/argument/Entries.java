package io.sparkpeft.compute.argument;

/**
 * Chosen entries of a matrix, row by row.
 *
 * @param starts where the entries of every row start in {@code indices}, and their number at the end
 * @param indices row-major index of every entry, ascending
 * @param width columns of the matrix
 */
public record Entries(int[] starts, int[] indices, int width) {
    /**
     * @param indices row-major, ascending; kept, not copied
     * @param rows of the matrix
     * @param width columns of the matrix
     */
    public static Entries of(int[] indices, int rows, int width) {
        int[] starts = new int[rows + 1];
        for (int index : indices) {
            starts[index / width + 1]++;
        }
        for (int r = 0; r < rows; r++) {
            starts[r + 1] += starts[r];
        }
        return new Entries(starts, indices, width);
    }

    public int rows() {
        return starts.length - 1;
    }

    public int count() {
        return indices.length;
    }

    /** Column of an entry of a row. */
    public int column(int row, int entry) {
        return indices[entry] - row * width;
    }
}

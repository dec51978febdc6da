package io.sparkpeft.compute.argument;

/**
 * The rows that ask in an attention: all positions of every sequence, or some, where only these rows' results are
 * needed.
 *
 * @param offsets first query row of every sequence, and the number of rows at the end
 * @param positions position in its sequence of every row, ascending in each sequence
 */
public record Queries(int[] offsets, int[] positions) {
    /** Every position of sequences with these offsets asks. */
    public static Queries all(int[] offsets) {
        int[] positions = new int[offsets[offsets.length - 1]];
        for (int s = 0; s + 1 < offsets.length; s++) {
            for (int r = offsets[s]; r < offsets[s + 1]; r++) {
                positions[r] = r - offsets[s];
            }
        }
        return new Queries(offsets, positions);
    }

    public int count() {
        return offsets[offsets.length - 1];
    }
}

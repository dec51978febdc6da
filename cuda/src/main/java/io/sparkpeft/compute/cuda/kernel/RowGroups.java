package io.sparkpeft.compute.cuda.kernel;

import java.util.Arrays;

/**
 * Rows by the id that each has.
 *
 * @param ids the distinct ids, ascending
 * @param starts where the rows of each start in {@code order}, and their number at the end
 * @param order rows of the same id side by side, in their own order
 */
record RowGroups(int[] ids, int[] starts, int[] order) {
    static RowGroups of(int[] rowIds, int rows) {
        long[] keys = new long[rows];
        for (int r = 0; r < rows; r++) {
            keys[r] = (long) rowIds[r] << 32 | r;
        }
        Arrays.sort(keys);
        int[] ids = new int[rows];
        int[] starts = new int[rows + 1];
        int[] order = new int[rows];
        int groups = 0;
        for (int i = 0; i < rows; i++) {
            int id = (int) (keys[i] >> 32);
            if (groups == 0 || ids[groups - 1] != id) {
                ids[groups] = id;
                starts[groups++] = i;
            }
            order[i] = (int) keys[i];
        }
        starts[groups] = rows;
        return new RowGroups(Arrays.copyOf(ids, groups), Arrays.copyOf(starts, groups + 1), order);
    }

    int count() {
        return ids.length;
    }
}

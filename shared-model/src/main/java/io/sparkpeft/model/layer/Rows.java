package io.sparkpeft.model.layer;

/**
 * The rows that a layer works on: some positions of each sequence of a packed batch, sequence after sequence.
 *
 * @param bounds first row of every sequence, and the number of rows at the end
 * @param positions position of every row in its sequence
 * @param keys dropout key of every row; empty where nothing is dropped
 */
public record Rows(int[] bounds, int[] positions, long[] keys) {
    public int count() {
        return bounds[bounds.length - 1];
    }

    public int sequences() {
        return bounds.length - 1;
    }

    public boolean drops() {
        return keys.length > 0;
    }

    /** The rows that the ids name, which ascend. */
    public Rows select(int[] ids) {
        int[] selectedBounds = new int[bounds.length];
        int[] selectedPositions = new int[ids.length];
        long[] selectedKeys = new long[drops() ? ids.length : 0];
        int sequence = 0;
        for (int r = 0; r < ids.length; r++) {
            while (ids[r] >= bounds[sequence + 1]) {
                selectedBounds[++sequence] = r;
            }
            selectedPositions[r] = positions[ids[r]];
            if (drops()) {
                selectedKeys[r] = keys[ids[r]];
            }
        }
        while (sequence < sequences()) {
            selectedBounds[++sequence] = ids.length;
        }
        return new Rows(selectedBounds, selectedPositions, selectedKeys);
    }
}

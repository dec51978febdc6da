package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;

/**
 * An attention's specification on the device, and how many tiles its results have.
 *
 * @param spec what it is made of
 * @param rounded whether factors of products are rounded
 * @param keyOffsets address of the first key row of every sequence, and their number
 * @param queryOffsets address of the first query row of every sequence, and their number
 * @param starts address of where every sequence's probabilities start in a head's row
 * @param positions address of every query's position in its sequence
 * @param seeds address of every query's dropout seed; 0 where nothing is dropped
 */
record AttentionPlan(
        AttentionSpec spec,
        boolean rounded,
        long keyOffsets,
        long queryOffsets,
        long starts,
        long positions,
        long seeds) {
    /** Sends what the kernels of one call need. */
    static AttentionPlan send(AttentionSpec spec, boolean rounded, CallArrays arrays) {
        int offsets = spec.sequences() + 1;
        int queries = spec.queries().count();
        boolean drops = spec.dropout().isActive();
        arrays.begin(3L * offsets + (drops ? 2L : 1L) * queries, 5);
        AttentionPlan plan = new AttentionPlan(
                spec,
                rounded,
                arrays.integers(spec.offsets(), offsets),
                arrays.integers(spec.queries().offsets(), offsets),
                arrays.integers(starts(spec), offsets),
                arrays.integers(spec.queries().positions(), queries),
                drops ? arrays.seeds(spec.dropout(), queries) : 0);
        arrays.send();
        return plan;
    }

    private static int[] starts(AttentionSpec spec) {
        int[] starts = new int[spec.sequences() + 1];
        for (int s = 0; s < spec.sequences(); s++) {
            starts[s + 1] = starts[s] + spec.queries(s) * spec.length(s);
        }
        return starts;
    }

    int queries() {
        return spec.queries().count();
    }

    float scale() {
        return (float) (1 / Math.sqrt(spec.headSize()));
    }

    /** Tiles of a sequence's queries by its keys. */
    int scoreTiles() {
        int most = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            most = Math.max(most, tiles(spec.queries(s)) * tiles(spec.length(s)));
        }
        return most;
    }

    /** Tiles of a sequence's queries by the columns of a head. */
    int queryTiles() {
        int most = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            most = Math.max(most, tiles(spec.queries(s)));
        }
        return most * tiles(spec.headSize());
    }

    /** Tiles of a sequence's keys by the columns of a head. */
    int keyTiles() {
        int most = 0;
        for (int s = 0; s < spec.sequences(); s++) {
            most = Math.max(most, tiles(spec.length(s)));
        }
        return most * tiles(spec.headSize());
    }

    private static int tiles(int size) {
        return Launcher.ceil(size, Launcher.TILE);
    }

    /** The arguments that the kernels of tiles begin with. */
    Launcher begin(String kernel, int tiles, int heads, Launcher launcher) {
        return launcher.tiles(kernel, tiles, heads, spec.sequences())
                .integer(spec.heads())
                .integer(spec.keyValueHeads())
                .integer(spec.headSize())
                .flag(spec.causal())
                .flag(rounded)
                .address(keyOffsets)
                .address(queryOffsets)
                .address(starts)
                .address(positions);
    }

    /** The arguments that the kernels of rows begin with. */
    Launcher beginRows(String kernel, Launcher launcher) {
        return launcher.warps(kernel, (long) queries() * spec.heads())
                .integer(queries())
                .integer(spec.heads())
                .integer(spec.sequences())
                .flag(spec.causal())
                .address(keyOffsets)
                .address(queryOffsets)
                .address(starts)
                .address(positions);
    }

    /** The arguments that say what is dropped. */
    Launcher dropout(Launcher launcher) {
        return launcher.address(seeds).number(spec.dropout().probability()).number(CallArrays.scale(spec.dropout()));
    }
}

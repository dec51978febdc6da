package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.IndexCache;

/** Rows, columns and entries by index. */
public final class IndexKernels {
    private final Launcher launcher;
    private final CallArrays arrays;
    private final IndexCache indices;
    private int[] places = new int[0];
    private int[] origins = new int[0];

    IndexKernels(Launcher launcher, CallArrays arrays, IndexCache indices) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.indices = indices;
    }

    /** output[r] = table[ids[r]], or added to it. */
    public void gatherRows(CudaTensor table, int[] ids, CudaTensor output, boolean add) {
        long there = ids(ids, output.rows());
        launcher.grid("gather_rows", output.rows(), output.columns())
                .matrix(table)
                .address(there)
                .result(output)
                .flag(add)
                .run();
    }

    public void gatherColumns(CudaTensor source, int[] ids, CudaTensor output) {
        long there = ids(ids, output.columns());
        launcher.grid("gather_columns", output.rows(), output.columns())
                .matrix(source)
                .address(there)
                .result(output)
                .run();
    }

    public void addSquaredRows(CudaTensor source, int[] ids, CudaTensor target) {
        long there = ids(ids, source.rows());
        launcher.grid("add_squared_rows", source.rows(), source.columns())
                .matrix(source)
                .address(there)
                .result(target)
                .run();
    }

    /** Rows of one id are added one after the other by the same threads, which keeps their order without atomics. */
    public void scatterAddRows(CudaTensor source, int[] ids, CudaTensor table) {
        RowGroups groups = RowGroups.of(ids, source.rows());
        int count = groups.count();
        arrays.begin(2L * count + 1 + source.rows(), 3);
        long groupIds = arrays.integers(groups.ids(), count);
        long starts = arrays.integers(groups.starts(), count + 1);
        long order = arrays.integers(groups.order(), source.rows());
        arrays.send();
        launcher.grid("scatter_add_rows", count, source.columns())
                .matrix(source)
                .address(groupIds)
                .address(starts)
                .address(order)
                .result(table)
                .run();
    }

    /** The entries of a matrix to a dense array on the device, or added to it. */
    public void gatherEntries(CudaTensor source, int[] entries, long target, boolean add) {
        long there = indices.address(entries);
        launcher.entries("gather_entries", entries.length)
                .integer(entries.length)
                .address(there)
                .address(source.address())
                .integer(source.columns())
                .integer(source.stride())
                .address(target)
                .flag(add)
                .run();
    }

    /** A dense array on the device to the entries of a matrix. */
    public void scatterEntries(long values, int[] entries, CudaTensor target) {
        long there = indices.address(entries);
        launcher.entries("scatter_entries", entries.length)
                .integer(entries.length)
                .address(there)
                .address(values)
                .address(target.writable().address())
                .integer(target.columns())
                .integer(target.stride())
                .run();
    }

    /**
     * Adds the chosen entries of some rows of a matrix to a dense array on the device.
     *
     * @param ids row of the matrix of every row of the source, distinct
     */
    public void addRowEntries(CudaTensor source, int[] ids, Entries entries, long target) {
        int count = 0;
        for (int r = 0; r < source.rows(); r++) {
            count += entries.starts()[ids[r] + 1] - entries.starts()[ids[r]];
        }
        if (places.length < count) {
            places = new int[count];
            origins = new int[count];
        }
        int next = 0;
        for (int r = 0; r < source.rows(); r++) {
            for (int i = entries.starts()[ids[r]]; i < entries.starts()[ids[r] + 1]; i++) {
                places[next] = i;
                origins[next++] = r * source.columns() + entries.column(ids[r], i);
            }
        }
        arrays.begin(2L * count, 2);
        long placesThere = arrays.integers(places, count);
        long originsThere = arrays.integers(origins, count);
        arrays.send();
        launcher.entries("add_row_entries", count)
                .integer(count)
                .address(placesThere)
                .address(originsThere)
                .address(source.address())
                .integer(source.columns())
                .integer(source.stride())
                .address(target)
                .run();
    }

    private long ids(int[] ids, int count) {
        long there = arrays.begin(count, 1).integers(ids, count);
        arrays.send();
        return there;
    }
}

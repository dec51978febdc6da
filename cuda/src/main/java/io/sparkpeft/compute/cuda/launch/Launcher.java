package io.sparkpeft.compute.cuda.launch;

import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Geometry;
import io.sparkpeft.compute.cuda.memory.CudaTensor;

/**
 * Puts a kernel's arguments together and launches it. The methods that start a call know how many threads each kind of
 * kernel wants; a call that has nothing to do is not made.
 */
public final class Launcher {
    private static final int MOST_ARGUMENTS = 32;
    private static final int THREADS = 256;
    /** Entries of a block of an element-wise kernel: each thread takes four. */
    private static final int ENTRIES = 1024;

    private static final int WARPS = 8;
    /** Rows and columns of the part of a result that one block computes. */
    public static final int TILE = 64;

    private static final Geometry.Block LINE = new Geometry.Block(THREADS, 1);
    private static final Geometry.Block SQUARE = new Geometry.Block(16, 16);
    private static final Geometry.Block COLUMNS = new Geometry.Block(32, 8);

    private final Device device;
    private final long[] slots = new long[MOST_ARGUMENTS];
    private int count;
    private String kernel = "";
    private Geometry geometry = new Geometry(new Geometry.Grid(0, 0, 0), LINE);

    public Launcher(Device device) {
        this.device = device;
    }

    /** A kernel over all entries of matrices of one shape; dense ones are one long row. */
    public Launcher elements(String name, CudaTensor first, CudaTensor... others) {
        boolean dense = first.isDense();
        for (CudaTensor other : others) {
            dense &= other.isDense();
        }
        return dense ? grid(name, first.rows() == 0 ? 0 : 1, first.size()) : grid(name, first.rows(), first.columns());
    }

    /** A kernel over rows·columns entries, which gets both numbers first. */
    public Launcher grid(String name, int rows, int columns) {
        return entries(name, (long) rows * columns).integer(rows).integer(columns);
    }

    /** The same for a kernel each of whose threads takes eight. */
    public Launcher octets(String name, int rows, int columns) {
        int blocks = ceil((long) rows * columns, 2 * ENTRIES);
        return start(name, new Geometry.Grid(blocks, 1, 1), LINE).integer(rows).integer(columns);
    }

    /** A kernel over so many entries. */
    public Launcher entries(String name, long entries) {
        return start(name, new Geometry.Grid(ceil(entries, ENTRIES), 1, 1), LINE);
    }

    /** A kernel with a block for each row of a matrix; gets rows and columns first. */
    public Launcher rows(String name, CudaTensor matrix, int threads) {
        return start(
                        name,
                        new Geometry.Grid(matrix.size() == 0 ? 0 : matrix.rows(), 1, 1),
                        new Geometry.Block(threads, 1))
                .integer(matrix.rows())
                .integer(matrix.columns());
    }

    /** A kernel with so many blocks. */
    public Launcher blocks(String name, int blocks) {
        return start(name, new Geometry.Grid(blocks, 1, 1), LINE);
    }

    /** A kernel with a warp for each item. */
    public Launcher warps(String name, long items) {
        return start(name, new Geometry.Grid(ceil(items, WARPS), 1, 1), LINE);
    }

    /** A kernel with a block for each 32 columns of each chunk of rows. */
    public Launcher columns(String name, int columns, int chunks) {
        return start(name, new Geometry.Grid(ceil(columns, 32), chunks, 1), COLUMNS);
    }

    /** A kernel with a block for each tile. */
    public Launcher tiles(String name, int x, int y, int z) {
        return start(name, new Geometry.Grid(x, y, z), SQUARE);
    }

    private Launcher start(String name, Geometry.Grid grid, Geometry.Block block) {
        kernel = name;
        geometry = new Geometry(grid, block);
        count = 0;
        return this;
    }

    public Launcher integer(int value) {
        slots[count++] = value;
        return this;
    }

    public Launcher flag(boolean value) {
        return integer(value ? 1 : 0);
    }

    public Launcher wide(long value) {
        slots[count++] = value;
        return this;
    }

    public Launcher number(float value) {
        slots[count++] = Float.floatToRawIntBits(value);
        return this;
    }

    public Launcher address(long address) {
        slots[count++] = address;
        return this;
    }

    /** A matrix to be read: address and stride. */
    public Launcher matrix(CudaTensor tensor) {
        return address(tensor.address()).integer(tensor.stride());
    }

    /** A matrix to be written: address and stride. */
    public Launcher result(CudaTensor tensor) {
        return matrix(tensor.writable());
    }

    /** Launches, unless there is nothing to do. */
    public void run() {
        Geometry.Grid grid = geometry.grid();
        if (grid.x() > 0 && grid.y() > 0 && grid.z() > 0) {
            device.launch(kernel, geometry, slots, count);
        }
    }

    public static int ceil(long items, int size) {
        return Math.toIntExact((items + size - 1) / size);
    }
}

package io.sparkpeft.compute.cuda.device;

/**
 * How many threads run a kernel.
 *
 * @param grid blocks in x, y and z
 * @param block threads of a block in x and y
 */
public record Geometry(Grid grid, Block block) {
    /** Blocks in each direction. */
    public record Grid(int x, int y, int z) {}

    /** Threads in each direction. */
    public record Block(int x, int y) {}
}

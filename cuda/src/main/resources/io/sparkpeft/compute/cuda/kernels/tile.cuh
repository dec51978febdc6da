// Matrix products by tiles in shared memory: a block of 16 × 16 threads makes 64 × 64 entries of left·right, each thread
// 16 of them. Operands come in slices of 32 steps of the depth, which are added in order. How a slice is multiplied, and which
// entries a thread has, says tile_fragments.cuh or, for cards before compute capability 8.0, tile_registers.cuh.

constexpr int TILE = 64;
constexpr int DEPTH = 32;
constexpr int TILE_THREADS = 256;
constexpr int OWN = 4;
// Rows of slices start 8 floats apart from multiples of the 32 banks, so that the lanes of a fragment, four steps of eight
// entries, read 32 banks; and at multiples of 16 bytes.
constexpr int SLICE_STRIDE = TILE + 8;
// Slices are filled up with zeros to whole steps of the tensor cores.
constexpr int STEP = 8;

// 32 steps of both operands: left[k][row] and right[k][column].
struct Slices {
    alignas(16) float left[DEPTH][SLICE_STRIDE];
    alignas(16) float right[DEPTH][SLICE_STRIDE];
};

// What part of a tile and of a slice there is; the rest counts as 0.
struct Extent {
    int rows, columns, depth;
};

// The entries of this thread.
struct OwnSums {
    float at[OWN][OWN];
};

__device__ inline int tile_thread() {
    return threadIdx.y * (TILE / OWN) + threadIdx.x;
}

__device__ inline int whole_steps(int depth) {
    return (depth + STEP - 1) / STEP * STEP;
}

// slice[k][i] = value(i, k), for operands of which neighbours in k lie side by side in memory: a warp reads 32 bytes of each
// of four rows.
template <class Value>
__device__ void fill_along_depth(float (*slice)[SLICE_STRIDE], int count, int depth, Value value) {
    int warp = tile_thread() / WARP;
    int lane = tile_thread() % WARP;
    for (int item = warp; item < TILE * DEPTH / WARP; item += TILE_THREADS / WARP) {
        int k = lane % 8 + item % 4 * 8;
        int i = lane / 8 + item / 4 * 4;
        if (k < whole_steps(depth)) {
            slice[k][i] = i < count && k < depth ? value(i, k) : 0.0f;
        }
    }
}

// slice[k][i] = value(i, k), for operands of which neighbours in i lie side by side in memory.
template <class Value>
__device__ void fill_across_depth(float (*slice)[SLICE_STRIDE], int count, int depth, Value value) {
    int i = tile_thread() % TILE;
    for (int k = tile_thread() / TILE; k < whole_steps(depth); k += TILE_THREADS / TILE) {
        slice[k][i] = i < count && k < depth ? value(i, k) : 0.0f;
    }
}

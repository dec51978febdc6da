// Matrix products by tiles in shared memory: a block of 16 × 16 threads makes 64 × 64 entries of left·right, each thread
// 4 × 4 neighbouring ones, summed in the order of the depth. Operands come in slices of 32 steps of the depth.

constexpr int TILE = 64;
constexpr int DEPTH = 32;
constexpr int TILE_THREADS = 256;
constexpr int OWN = 4;
// Rows of slices start 4 floats apart from multiples of the 32 banks, and at multiples of 16 bytes.
constexpr int SLICE_STRIDE = TILE + 4;

// 32 steps of both operands: left[k][row] and right[k][column].
struct Slices {
    alignas(16) float left[DEPTH][SLICE_STRIDE];
    alignas(16) float right[DEPTH][SLICE_STRIDE];
};

// What part of a tile and of a slice there is; the rest counts as 0.
struct Extent {
    int rows, columns, depth;
};

// The 4 × 4 entries of this thread.
struct Sums {
    float at[OWN][OWN];
};

__device__ inline int tile_thread() {
    return threadIdx.y * (TILE / OWN) + threadIdx.x;
}

// slice[k][i] = value(i, k), for operands of which neighbours in k lie side by side in memory. A warp reads 32 bytes of
// four rows and writes to 32 banks.
template <class Value>
__device__ void fill_along_depth(float (*slice)[SLICE_STRIDE], int count, int depth, Value value) {
    int warp = tile_thread() / WARP;
    int lane = tile_thread() % WARP;
    for (int item = warp; item < TILE * DEPTH / WARP; item += TILE_THREADS / WARP) {
        int k = lane % 8 + item % 4 * 8;
        int i = lane / 8 + item / 4 * 4;
        if (k < depth) {
            slice[k][i] = i < count ? value(i, k) : 0.0f;
        }
    }
}

// slice[k][i] = value(i, k), for operands of which neighbours in i lie side by side in memory.
template <class Value>
__device__ void fill_across_depth(float (*slice)[SLICE_STRIDE], int count, int depth, Value value) {
    int i = tile_thread() % TILE;
    for (int k = tile_thread() / TILE; k < depth; k += TILE_THREADS / TILE) {
        slice[k][i] = i < count ? value(i, k) : 0.0f;
    }
}

// sums += left·right of the slices. Warps all of whose rows are beyond the extent have nothing to do.
__device__ inline void multiply_slices(const Slices& slices, Extent extent, Sums& sums) {
    int row = threadIdx.y * OWN;
    int column = threadIdx.x * OWN;
    if (row >= extent.rows || column >= extent.columns) {
        return;
    }
#pragma unroll 8
    for (int k = 0; k < extent.depth; k++) {
        Pack<OWN> left = load<OWN>(&slices.left[k][row]);
        Pack<OWN> right = load<OWN>(&slices.right[k][column]);
        for (int i = 0; i < OWN; i++) {
            for (int j = 0; j < OWN; j++) {
                sums.at[i][j] = fmaf(left.at[i], right.at[j], sums.at[i][j]);
            }
        }
    }
}

// sums += left·right over the whole depth. fill_left(slice, first, depth) and fill_right write the steps from `first` on.
template <class FillLeft, class FillRight>
__device__ void multiply_tile(Slices& slices, Extent extent, Sums& sums, FillLeft fill_left, FillRight fill_right) {
    for (int first = 0; first < extent.depth; first += DEPTH) {
        int depth = min(DEPTH, extent.depth - first);
        fill_left(slices.left, first, depth);
        fill_right(slices.right, first, depth);
        __syncthreads();
        multiply_slices(slices, {extent.rows, extent.columns, depth}, sums);
        __syncthreads();
    }
}

// body(row, column, sum) for the entries of this thread inside the extent.
template <class Body>
__device__ void for_own_entries(const Sums& sums, Extent extent, Body body) {
    for (int i = 0; i < OWN; i++) {
        for (int j = 0; j < OWN; j++) {
            int row = threadIdx.y * OWN + i;
            int column = threadIdx.x * OWN + j;
            if (row < extent.rows && column < extent.columns) {
                body(row, column, sums.at[i][j]);
            }
        }
    }
}

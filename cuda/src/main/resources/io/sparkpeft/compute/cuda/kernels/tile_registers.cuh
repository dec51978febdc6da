// Slices multiplied in ordinary float arithmetic, for cards without TF32, on which nothing is rounded: a thread has 4 × 4
// neighbouring entries.

#if !(__CUDA_ARCH__ >= 800)

// Of the shared memory of these cards one pair of slices leaves enough for three blocks.
constexpr int BUFFERS = 1;

// Operands of which neighbouring steps of the depth lie side by side in memory; in the slice neighbouring entries do, which
// a thread reads as one. The lanes of a warp have rows of their own, so that no two store to one bank.
struct AlongDepth {
    __device__ static int row() {
        return tile_thread() % TILE;
    }

    __device__ static int column(int n) {
        return tile_thread() / TILE * 4 + n * (DEPTH / QUADS);
    }

    __device__ static int depth(const Piece& piece) {
        return piece.columns;
    }

    __device__ static int place(int entry, int step) {
        return AcrossDepth::place(entry, step);
    }

    __device__ static void put(float* slice, int row, int column, Pack<4> quad) {
        for (int i = 0; i < 4; i++) {
            slice[place(row, column + i)] = quad.at[i];
        }
    }
};

__device__ inline float as_factor(float x, bool /* rounded */) {
    return x;
}

// sums += left·right of the slices. Threads all of whose entries are beyond the extent have nothing to do.
template <class Left, class Right>
__device__ void multiply_slices(const Slices& slices, Extent extent, int depth, bool /* rounded */, OwnSums& sums) {
    int row = threadIdx.y * OWN;
    int column = threadIdx.x * OWN;
    if (row >= extent.rows || column >= extent.columns) {
        return;
    }
#pragma unroll 8
    for (int k = 0; k < depth; k++) {
        Pack<OWN> left = load<OWN>(&slices.left[Left::place(row, k)]);
        Pack<OWN> right = load<OWN>(&slices.right[Right::place(column, k)]);
        for (int i = 0; i < OWN; i++) {
            for (int j = 0; j < OWN; j++) {
                sums.at[i][j] = fmaf(left.at[i], right.at[j], sums.at[i][j]);
            }
        }
    }
}

// Where sums.at[i][j] lies in the tile.
__device__ inline int own_row(int i, int j) {
    return threadIdx.y * OWN + i;
}

__device__ inline int own_column(int i, int j) {
    return threadIdx.x * OWN + j;
}

#endif

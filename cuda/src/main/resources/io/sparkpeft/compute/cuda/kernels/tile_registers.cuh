// Slices multiplied in ordinary float arithmetic, for cards without TF32, on which nothing is rounded: a thread has 4 × 4
// neighbouring entries.

#if !(__CUDA_ARCH__ >= 800)

// sums += left·right of the slices. Warps all of whose rows are beyond the extent have nothing to do.
__device__ inline void multiply_slices(const Slices& slices, Extent extent, bool /* rounded */, OwnSums& sums) {
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

// Where sums.at[i][j] lies in the tile.
__device__ inline int own_row(int i, int j) {
    return threadIdx.y * OWN + i;
}

__device__ inline int own_column(int i, int j) {
    return threadIdx.x * OWN + j;
}

#endif

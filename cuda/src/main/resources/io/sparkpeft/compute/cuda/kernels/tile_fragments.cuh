// Slices multiplied on tensor cores, with the accuracy of float: every number is the sum of two of TF32, large and small, and
// large·large + large·small + small·large is the product. Tensor cores cut sums off instead of rounding them, so they sum
// eight steps only, which are added in float (Ootomo and Yokota 2022, arXiv 2203.03341). A warp has 16 rows and 32 columns of
// the tile, in four fragments side by side.

#if __CUDA_ARCH__ >= 800

constexpr int FRAGMENTS = 4;
constexpr int WARPS_ACROSS = TILE / (FRAGMENTS * FRAGMENT_COLUMNS);

__device__ inline int warp_row() {
    return tile_thread() / WARP / WARPS_ACROSS * FRAGMENT_ROWS;
}

__device__ inline int warp_column() {
    return tile_thread() / WARP % WARPS_ACROSS * FRAGMENTS * FRAGMENT_COLUMNS;
}

// A fragment as the sum of two of TF32.
template <int N>
struct Split {
    unsigned large[N], small[N];

    __device__ void set(int i, float x) {
        large[i] = round_to_tf32(x);
        small[i] = round_to_tf32(x - __uint_as_float(large[i]));
    }
};

__device__ inline Split<4> left_fragment(const Slices& slices, int k, int row) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Split<4> split;
    for (int i = 0; i < 4; i++) {
        split.set(i, slices.left[step + i / 2 * 4][row + group + i % 2 * 8]);
    }
    return split;
}

__device__ inline Split<2> right_fragment(const Slices& slices, int k, int column) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Split<2> split;
    for (int i = 0; i < 2; i++) {
        split.set(i, slices.right[step + i * 4][column + group]);
    }
    return split;
}

// sums += left·right of the slices. Warps and fragments beyond the extent have nothing to do.
__device__ inline void multiply_slices(const Slices& slices, Extent extent, OwnSums& sums) {
    int row = warp_row();
    int column = warp_column();
    if (row >= extent.rows) {
        return;
    }
    for (int k = 0; k < extent.depth; k += FRAGMENT_DEPTH) {
        Split<4> left = left_fragment(slices, k, row);
#pragma unroll
        for (int f = 0; f < FRAGMENTS; f++) {
            if (column + f * FRAGMENT_COLUMNS < extent.columns) {
                Split<2> right = right_fragment(slices, k, column + f * FRAGMENT_COLUMNS);
                float step[4] = {};
                multiply_fragments(step, left.small, right.large);
                multiply_fragments(step, left.large, right.small);
                multiply_fragments(step, left.large, right.large);
                for (int i = 0; i < 4; i++) {
                    sums.at[f][i] += step[i];
                }
            }
        }
    }
}

// Where sums.at[f][i] lies in the tile.
__device__ inline int own_row(int f, int i) {
    return warp_row() + tile_thread() % WARP / 4 + i / 2 * 8;
}

__device__ inline int own_column(int f, int i) {
    return warp_column() + f * FRAGMENT_COLUMNS + tile_thread() % 4 * 2 + i % 2;
}

#endif

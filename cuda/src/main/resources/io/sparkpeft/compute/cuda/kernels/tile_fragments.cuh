// Slices multiplied on tensor cores. A warp has 16 rows and 32 columns of the tile, in four fragments side by side.

#if __CUDA_ARCH__ >= 800

constexpr int FRAGMENTS = 4;
constexpr int WARPS_ACROSS = TILE / (FRAGMENTS * FRAGMENT_COLUMNS);

__device__ inline int warp_row() {
    return tile_thread() / WARP / WARPS_ACROSS * FRAGMENT_ROWS;
}

__device__ inline int warp_column() {
    return tile_thread() / WARP % WARPS_ACROSS * FRAGMENTS * FRAGMENT_COLUMNS;
}

// A fragment with the accuracy of float: every number is the sum of two of TF32, large and small.
template <int N>
struct Split {
    unsigned large[N], small[N];

    __device__ void set(int i, float x) {
        large[i] = round_to_tf32(x);
        small[i] = round_to_tf32(x - __uint_as_float(large[i]));
    }
};

// A fragment with the accuracy of TF32.
template <int N>
struct Rounded {
    unsigned at[N];

    __device__ void set(int i, float x) {
        at[i] = round_to_tf32(x);
    }
};

// sums += large·large + large·small + small·large. Tensor cores cut sums off instead of rounding them, so they sum eight
// steps only, which are added in float (Ootomo and Yokota 2022, arXiv 2203.03341).
__device__ inline void add_product(float (&sums)[4], const Split<4>& left, const Split<2>& right) {
    float step[4] = {};
    multiply_fragments(step, left.small, right.large);
    multiply_fragments(step, left.large, right.small);
    multiply_fragments(step, left.large, right.large);
    for (int i = 0; i < 4; i++) {
        sums[i] += step[i];
    }
}

// sums += left·right. What the tensor cores cut off is far less than what was rounded.
__device__ inline void add_product(float (&sums)[4], const Rounded<4>& left, const Rounded<2>& right) {
    multiply_fragments(sums, left.at, right.at);
}

template <class Fragment>
__device__ Fragment left_fragment(const Slices& slices, int k, int row) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Fragment fragment;
    for (int i = 0; i < 4; i++) {
        fragment.set(i, slices.left[step + i / 2 * 4][row + group + i % 2 * 8]);
    }
    return fragment;
}

template <class Fragment>
__device__ Fragment right_fragment(const Slices& slices, int k, int column) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Fragment fragment;
    for (int i = 0; i < 2; i++) {
        fragment.set(i, slices.right[step + i * 4][column + group]);
    }
    return fragment;
}

// Warps and fragments beyond the extent have nothing to do.
template <template <int> class Form>
__device__ void multiply_slices_as(const Slices& slices, Extent extent, OwnSums& sums) {
    int row = warp_row();
    int column = warp_column();
    if (row >= extent.rows) {
        return;
    }
    for (int k = 0; k < extent.depth; k += FRAGMENT_DEPTH) {
        Form<4> left = left_fragment<Form<4>>(slices, k, row);
#pragma unroll
        for (int f = 0; f < FRAGMENTS; f++) {
            if (column + f * FRAGMENT_COLUMNS < extent.columns) {
                add_product(sums.at[f], left, right_fragment<Form<2>>(slices, k, column + f * FRAGMENT_COLUMNS));
            }
        }
    }
}

// sums += left·right of the slices, whose floats are taken as TF32 where they are to be rounded.
__device__ inline void multiply_slices(const Slices& slices, Extent extent, bool rounded, OwnSums& sums) {
    if (rounded) {
        multiply_slices_as<Rounded>(slices, extent, sums);
    } else {
        multiply_slices_as<Split>(slices, extent, sums);
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

// Slices multiplied on tensor cores. A warp has 16 rows and 32 columns of the tile, in four fragments side by side.

#if __CUDA_ARCH__ >= 800

// While one pair of slices is multiplied, the next is written. Six blocks have room in the shared memory of compute
// capability 9.0, two in that of 8.6.
constexpr int BUFFERS = 2;

// Operands of which neighbouring steps of the depth lie side by side in memory; they do so in the slice too.
struct AlongDepth {
    // Where in their piece the thread's quads lie. A warp moves 64 bytes of each of eight rows; the eight lanes that store
    // at once have rows whose banks are 16 apart.
    __device__ static int row() {
        int lane = tile_thread() % WARP;
        return tile_thread() / WARP * 8 + lane / 4 % 2 * 4 + lane / 8;
    }

    __device__ static int column(int n) {
        return tile_thread() % 4 * 4 + n * (DEPTH / QUADS);
    }

    __device__ static int depth(const Piece& piece) {
        return piece.columns;
    }

    __device__ static int place(int entry, int step) {
        return entry * (DEPTH + GAP_OF_STEPS) + step;
    }

    __device__ static void put(float* slice, int row, int column, Pack<4> quad) {
        store(slice + place(row, column), quad);
    }
};

// A float as it lies in a slice.
__device__ inline float as_factor(float x, bool rounded) {
    return rounded ? __uint_as_float(round_to_tf32(x)) : x;
}

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

// A fragment of a slice that was rounded.
template <int N>
struct Rounded {
    unsigned at[N];

    __device__ void set(int i, float x) {
        at[i] = __float_as_uint(x);
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

template <class Left, class Fragment>
__device__ Fragment left_fragment(const Slices& slices, int k, int row) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Fragment fragment;
    for (int i = 0; i < 4; i++) {
        fragment.set(i, slices.left[Left::place(row + group + i % 2 * 8, step + i / 2 * 4)]);
    }
    return fragment;
}

template <class Right, class Fragment>
__device__ Fragment right_fragment(const Slices& slices, int k, int column) {
    int group = tile_thread() % WARP / 4;
    int step = k + tile_thread() % 4;
    Fragment fragment;
    for (int i = 0; i < 2; i++) {
        fragment.set(i, slices.right[Right::place(column + group, step + i * 4)]);
    }
    return fragment;
}

template <template <int> class Form, class Left, class Right>
__device__ void multiply_fragments_of(const Slices& slices, int depth, OwnSums& sums) {
    int row = warp_row();
    int column = warp_column();
    for (int k = 0; k < depth; k += FRAGMENT_DEPTH) {
        Form<4> left = left_fragment<Left, Form<4>>(slices, k, row);
#pragma unroll
        for (int f = 0; f < FRAGMENTS; f++) {
            add_product(sums.at[f], left, right_fragment<Right, Form<2>>(slices, k, column + f * FRAGMENT_COLUMNS));
        }
    }
}

// sums += left·right of the slices. Warps beyond the extent have nothing to do.
template <class Left, class Right>
__device__ void multiply_slices(const Slices& slices, Extent extent, int depth, bool rounded, OwnSums& sums) {
    if (warp_row() >= extent.rows || warp_column() >= extent.columns) {
        return;
    }
    if (rounded) {
        multiply_fragments_of<Rounded, Left, Right>(slices, depth, sums);
    } else {
        multiply_fragments_of<Split, Left, Right>(slices, depth, sums);
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

// Products of which only a part, or only the squares, are wanted.

// target += Σ_s (left_sᵀ·right_s)², entry by entry, s being the rows from bounds[s] to bounds[s + 1]: the products stay in
// registers. Tiles: grid (⌈columns/64⌉, ⌈rows/64⌉); examples are added in their order.
extern "C" __global__ void __launch_bounds__(256, 3) squared_products(
    int examples,
    const int* bounds,
    int rows,
    int columns,
    const float* left,
    int left_stride,
    const float* right,
    int right_stride,
    float* target,
    int target_stride) {
    static __shared__ Buffers buffers;
    int first_row = blockIdx.y * TILE;
    int first_column = blockIdx.x * TILE;
    Extent extent = {min(TILE, rows - first_row), min(TILE, columns - first_column)};
    Source from_left = {left, left_stride};
    Source from_right = {right, right_stride};
    bool left_quads = by_quads(2, rows, from_left);
    bool right_quads = by_quads(2, columns, from_right);
    OwnSums squares = {};
    for (int s = 0; s < examples; s++) {
        int begin = bounds[s];
        int depth = bounds[s + 1] - begin;
        OwnSums sums = {};
        multiply_tile<AcrossDepth, AcrossDepth, false>(
            buffers,
            extent,
            false,
            sums,
            slices_of(depth),
            [&](int slice) {
                int first = slice * DEPTH;
                const float* data = from_left.at(begin + first, first_row);
                return Piece{data, left_stride, steps_from(first, depth), extent.rows, left_quads};
            },
            [](int, int, int) { return 1.0f; },
            [&](int slice) {
                int first = slice * DEPTH;
                const float* data = from_right.at(begin + first, first_column);
                return Piece{data, right_stride, steps_from(first, depth), extent.columns, right_quads};
            });
        __syncthreads();  // the next example's slices come to the same place
        for (int i = 0; i < OWN; i++) {
            for (int j = 0; j < OWN; j++) {
                squares.at[i][j] = fmaf(sums.at[i][j], sums.at[i][j], squares.at[i][j]);
            }
        }
    }
    Target to = {target, target_stride};
    for_own_entries(squares, extent, [&](int row, int column, float sum) {
        *to.at(first_row + row, first_column + column) += sum;
    });
}

// target[i] += left[row]·right[column], the entry of left·rightᵀ at indices[i] = row·width + column, over n terms. A warp for
// every entry: neighbours share rows, which the cache holds.
extern "C" __global__ void __launch_bounds__(256) sampled_product(
    int count,
    const int* indices,
    int width,
    int n,
    const float* left,
    int left_stride,
    const float* right,
    int right_stride,
    float* target) {
    bool quads = by_quads(2, n, Source{left, left_stride}, Source{right, right_stride});
    int lane = threadIdx.x % WARP;
    int warps = gridDim.x * (blockDim.x / WARP);
    for (int i = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP; i < count; i += warps) {
        const float* one = left + (long long)(indices[i] / width) * left_stride;
        const float* other = right + (long long)(indices[i] % width) * right_stride;
        float sum = 0.0f;
        if (quads) {
#pragma unroll 4
            for (int r = 4 * lane; r < n; r += 4 * WARP) {
                Pack<4> x = load<4>(one + r);
                Pack<4> y = load<4>(other + r);
                for (int j = 0; j < 4; j++) {
                    sum = fmaf(x.at[j], y.at[j], sum);
                }
            }
        } else {
            for (int r = lane; r < n; r += WARP) {
                sum = fmaf(one[r], other[r], sum);
            }
        }
        sum = reduce_warp(sum, Addition());
        if (lane == 0) {
            target[i] += sum;
        }
    }
}

// target [columns, rows] = the transpose of the source. Blocks are 32 × 8 and turn 32 × 32 entries in shared memory, whose
// rows are one float longer than the 32 banks. Grid: (⌈columns/32⌉, ⌈rows/32⌉).
extern "C" __global__ void __launch_bounds__(256) transpose(
    int rows, int columns, const float* source, int source_stride, float* target, int target_stride) {
    static __shared__ float turned[WARP][WARP + 1];
    Source from = {source, source_stride};
    Target to = {target, target_stride};
    int first_row = blockIdx.y * WARP;
    int first_column = blockIdx.x * WARP;
    int column = first_column + threadIdx.x;
    for (int r = threadIdx.y; r < WARP; r += blockDim.y) {
        if (first_row + r < rows && column < columns) {
            turned[threadIdx.x][r] = *from.at(first_row + r, column);
        }
    }
    __syncthreads();
    int row = first_row + threadIdx.x;
    for (int c = threadIdx.y; c < WARP; c += blockDim.y) {
        if (first_column + c < columns && row < rows) {
            *to.at(first_column + c, row) = turned[c][threadIdx.x];
        }
    }
}

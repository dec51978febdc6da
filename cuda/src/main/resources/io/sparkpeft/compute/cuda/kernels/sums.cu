// Sums over rows in two steps: every block sums the rows of one chunk for 32 columns, then sum_rows sums the chunks. Blocks
// are 32 × 8: thread (x, y) takes every eighth row of column x. Grid: (⌈columns/32⌉, chunks); chunk `c` is written to row c
// of the target, or added to it.

constexpr int SUM_LANES = 8;

// body(row) gives what a row adds to this thread's column.
template <class Body>
__device__ void sum_chunk(int rows, int columns, int chunk, Target target, int add, float* shared /* [8·32] */, Body body) {
    int column = blockIdx.x * WARP + threadIdx.x;
    int first = blockIdx.y * chunk;
    int end = min(rows, first + chunk);
    float sum = 0.0f;
    if (column < columns) {
#pragma unroll 4
        for (int row = first + (int)threadIdx.y; row < end; row += SUM_LANES) {
            sum += body(row, column);
        }
    }
    shared[threadIdx.y * WARP + threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && column < columns) {
        for (int lane = 1; lane < SUM_LANES; lane++) {
            sum += shared[lane * WARP + threadIdx.x];
        }
        float* place = target.at(blockIdx.y, column);
        *place = add ? *place + sum : sum;
    }
}

extern "C" __global__ void __launch_bounds__(256) sum_rows(
    int rows, int columns, const float* source, int source_stride, int chunk, float* target, int target_stride, int add) {
    static __shared__ float shared[SUM_LANES * WARP];
    Source from = {source, source_stride};
    sum_chunk(rows, columns, chunk, {target, target_stride}, add, shared, [=](int row, int column) {
        return *from.at(row, column);
    });
}

extern "C" __global__ void __launch_bounds__(256) sum_row_squares(
    int rows, int columns, const float* source, int source_stride, int chunk, float* target, int target_stride, int add) {
    static __shared__ float shared[SUM_LANES * WARP];
    Source from = {source, source_stride};
    sum_chunk(rows, columns, chunk, {target, target_stride}, add, shared, [=](int row, int column) {
        float x = *from.at(row, column);
        return x * x;
    });
}

// Σ output_gradient·(x − mean)·factor; statistics are (mean, factor) where centred, else the factor alone.
extern "C" __global__ void __launch_bounds__(256) norm_weight_gradient(
    int rows,
    int columns,
    int centred,
    const float* input,
    int input_stride,
    const float* statistics,
    int statistics_stride,
    const float* output_gradient,
    int output_gradient_stride,
    int chunk,
    float* target,
    int target_stride,
    int add) {
    static __shared__ float shared[SUM_LANES * WARP];
    Source from = {input, input_stride};
    Source of_row = {statistics, statistics_stride};
    Source gradients = {output_gradient, output_gradient_stride};
    sum_chunk(rows, columns, chunk, {target, target_stride}, add, shared, [=](int row, int column) {
        float mean = centred ? *of_row.at(row, 0) : 0.0f;
        float factor = *of_row.at(row, centred ? 1 : 0);
        return *gradients.at(row, column) * ((*from.at(row, column) - mean) * factor);
    });
}

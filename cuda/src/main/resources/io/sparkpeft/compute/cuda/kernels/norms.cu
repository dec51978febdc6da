// Layer normalisation (Ba et al. 2016) and root-mean-square normalisation (Zhang and Sennrich 2019). One block for every
// row, of 32 to 512 threads; sums are trees over its threads. A row comes from memory once: it is read again from the cache.

// A row's layer norm: mean first, then the squares of what is left, so that nothing cancels.
extern "C" __global__ void __launch_bounds__(512) layer_norm(
    int rows,
    int columns,
    const float* input,
    int input_stride,
    const float* weight,
    const float* bias,
    float epsilon,
    float* statistics,
    int statistics_stride,
    float* output,
    int output_stride) {
    static __shared__ float shared[WARP];
    Source from = {input, input_stride};
    Source weights = {weight, 0};
    Source biases = {bias, 0};
    Target to = {output, output_stride};
    bool quads = by_quads(rows, columns, from, weights, biases, to);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        float sum = 0.0f;
        for_row(columns, quads, [&](auto width, int column) {
            for (float x : load<decltype(width)::value>(from.at(row, column)).at) {
                sum += x;
            }
        });
        float mean = sum_block(sum, shared) / columns;
        float squares = 0.0f;
        for_row(columns, quads, [&](auto width, int column) {
            for (float x : load<decltype(width)::value>(from.at(row, column)).at) {
                squares = fmaf(x - mean, x - mean, squares);
            }
        });
        float factor = 1.0f / sqrtf(sum_block(squares, shared) / columns + epsilon);
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> pack = load<n>(from.at(row, column));
            Pack<n> w = load<n>(weight + column);
            Pack<n> b = load<n>(bias + column);
            for (int i = 0; i < n; i++) {
                pack.at[i] = fmaf((pack.at[i] - mean) * factor, w.at[i], b.at[i]);
            }
            store(to.at(row, column), pack);
        });
        if (threadIdx.x == 0) {
            float* place = statistics + (long long)row * statistics_stride;
            place[0] = mean;
            place[1] = factor;
        }
    }
}

extern "C" __global__ void __launch_bounds__(512) rms_norm(
    int rows,
    int columns,
    const float* input,
    int input_stride,
    const float* weight,
    float epsilon,
    float* statistics,
    int statistics_stride,
    float* output,
    int output_stride) {
    static __shared__ float shared[WARP];
    Source from = {input, input_stride};
    Target to = {output, output_stride};
    bool quads = by_quads(rows, columns, from, Source{weight, 0}, to);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        float squares = 0.0f;
        for_row(columns, quads, [&](auto width, int column) {
            for (float x : load<decltype(width)::value>(from.at(row, column)).at) {
                squares = fmaf(x, x, squares);
            }
        });
        float factor = 1.0f / sqrtf(sum_block(squares, shared) / columns + epsilon);
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> pack = load<n>(from.at(row, column));
            Pack<n> w = load<n>(weight + column);
            for (int i = 0; i < n; i++) {
                pack.at[i] = pack.at[i] * factor * w.at[i];
            }
            store(to.at(row, column), pack);
        });
        if (threadIdx.x == 0) {
            statistics[(long long)row * statistics_stride] = factor;
        }
    }
}

// input_gradient = factor·(g − mean(g) − n·mean(g·n)), g = output_gradient·weight, n = (x − mean)·factor; without the
// centre, mean(g) is left out and the mean is 0.
template <bool centred>
__device__ void norm_backward(
    int rows,
    int columns,
    Source from,
    const float* weight,
    Source statistics,
    Source gradients,
    Target to,
    float* shared /* [2·WARP] */) {
    bool quads = by_quads(rows, columns, from, Source{weight, 0}, gradients, to);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        float mean = centred ? *statistics.at(row, 0) : 0.0f;
        float factor = *statistics.at(row, centred ? 1 : 0);
        Pack<2> sums = {};
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> x = load<n>(from.at(row, column));
            Pack<n> w = load<n>(weight + column);
            Pack<n> g = load<n>(gradients.at(row, column));
            for (int i = 0; i < n; i++) {
                float weighted = g.at[i] * w.at[i];
                sums.at[0] += weighted;
                sums.at[1] = fmaf(weighted, (x.at[i] - mean) * factor, sums.at[1]);
            }
        });
        sums = reduce_block(sums, 0.0f, Addition(), shared);
        float gradient_mean = centred ? sums.at[0] / columns : 0.0f;
        float dot_mean = sums.at[1] / columns;
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> x = load<n>(from.at(row, column));
            Pack<n> w = load<n>(weight + column);
            Pack<n> g = load<n>(gradients.at(row, column));
            for (int i = 0; i < n; i++) {
                float centre = fmaf(g.at[i], w.at[i], -gradient_mean);
                g.at[i] = factor * fmaf(-(x.at[i] - mean) * factor, dot_mean, centre);
            }
            store(to.at(row, column), g);
        });
    }
}

extern "C" __global__ void __launch_bounds__(512) layer_norm_backward(
    int rows,
    int columns,
    const float* input,
    int input_stride,
    const float* weight,
    const float* statistics,
    int statistics_stride,
    const float* output_gradient,
    int output_gradient_stride,
    float* input_gradient,
    int input_gradient_stride) {
    static __shared__ float shared[2 * WARP];
    Source gradients = {output_gradient, output_gradient_stride};
    Target to = {input_gradient, input_gradient_stride};
    norm_backward<true>(
        rows, columns, {input, input_stride}, weight, {statistics, statistics_stride}, gradients, to, shared);
}

extern "C" __global__ void __launch_bounds__(512) rms_norm_backward(
    int rows,
    int columns,
    const float* input,
    int input_stride,
    const float* weight,
    const float* statistics,
    int statistics_stride,
    const float* output_gradient,
    int output_gradient_stride,
    float* input_gradient,
    int input_gradient_stride) {
    static __shared__ float shared[2 * WARP];
    Source gradients = {output_gradient, output_gradient_stride};
    Target to = {input_gradient, input_gradient_stride};
    norm_backward<false>(
        rows, columns, {input, input_stride}, weight, {statistics, statistics_stride}, gradients, to, shared);
}

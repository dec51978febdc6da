// Softmax and cross-entropy. One block for every row, of 32 to 512 threads: each thread keeps the largest logit and the sum
// of exponentials of its part in one pass (Milakov and Gimelshein 2018, arXiv 1805.02867), then all are put together.

// Largest logit of a row, and the sum of exp(logit − largest). A NaN makes the sum one.
struct Normaliser {
    float largest, sum;

    __device__ void add(const float* logits, int count) {
        float before = largest;
        for (int i = 0; i < count; i++) {
            largest = fmaxf(largest, logits[i]);
        }
        sum *= expf(before - largest);
        for (int i = 0; i < count; i++) {
            sum += expf(logits[i] - largest);
        }
    }
};

__device__ inline Normaliser normalise_row(Source logits, int row, int columns, bool quads, float* shared /* [WARP] */) {
    // Finite, so that before − largest is a number where all logits so far were −∞.
    Normaliser own = {-LARGEST_FLOAT, 0.0f};
    for_row(columns, quads, [&](auto width, int column) {
        constexpr int n = decltype(width)::value;
        own.add(load<n>(logits.at(row, column)).at, n);
    });
    float largest = reduce_block(Pack<1>{{own.largest}}, -LARGEST_FLOAT, Largest(), shared).at[0];
    return {largest, sum_block(own.sum * expf(own.largest - largest), shared)};
}

extern "C" __global__ void __launch_bounds__(512) softmax(
    int rows, int columns, const float* input, int input_stride, float* output, int output_stride) {
    static __shared__ float shared[WARP];
    Source from = {input, input_stride};
    Target to = {output, output_stride};
    bool quads = by_quads(rows, columns, from, to);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        Normaliser whole = normalise_row(from, row, columns, quads, shared);
        float share = 1.0f / whole.sum;
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> pack = load<n>(from.at(row, column));
            for (int i = 0; i < n; i++) {
                pack.at[i] = expf(pack.at[i] - whole.largest) * share;
            }
            store(to.at(row, column), pack);
        });
    }
}

// Gradient row = row_scale·(softmax − one-hot), or 0 where the label is −1; may lie where the logits do.
extern "C" __global__ void __launch_bounds__(512) cross_entropy(
    int rows,
    int columns,
    const float* logits,
    int logits_stride,
    const int* labels,
    const float* row_scale,
    float* losses,
    float* gradient,
    int gradient_stride) {
    static __shared__ float shared[WARP];
    Source from = {logits, logits_stride};
    Target to = {gradient, gradient_stride};
    bool quads = by_quads(rows, columns, from, to);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        int label = labels[row];
        if (label < 0) {
            for_row(columns, quads, [&](auto width, int column) {
                store(to.at(row, column), Pack<decltype(width)::value>());
            });
            if (threadIdx.x == 0) {
                losses[row] = 0.0f;
            }
            continue;
        }
        Normaliser whole = normalise_row(from, row, columns, quads, shared);
        float chosen = *from.at(row, label);
        __syncthreads();  // the label's logit is read before its gradient may take its place
        float scale = row_scale[row];
        float share = 1.0f / whole.sum;
        for_row(columns, quads, [&](auto width, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> pack = load<n>(from.at(row, column));
            for (int i = 0; i < n; i++) {
                float probability = expf(pack.at[i] - whole.largest) * share;
                pack.at[i] = scale * (column + i == label ? probability - 1.0f : probability);
            }
            store(to.at(row, column), pack);
        });
        if (threadIdx.x == 0) {
            losses[row] = logf(whole.sum) + (whole.largest - chosen);
        }
    }
}

extern "C" __global__ void __launch_bounds__(512) cross_entropy_loss(
    int rows, int columns, const float* logits, int logits_stride, const int* labels, float* losses) {
    static __shared__ float shared[WARP];
    Source from = {logits, logits_stride};
    bool quads = by_quads(rows, columns, from);
    for (int row = blockIdx.x; row < rows; row += gridDim.x) {
        int label = labels[row];
        float loss = 0.0f;
        if (label >= 0) {
            Normaliser whole = normalise_row(from, row, columns, quads, shared);
            loss = logf(whole.sum) + (whole.largest - *from.at(row, label));
        }
        if (threadIdx.x == 0) {
            losses[row] = loss;
        }
    }
}

// The softmax inside attention and its gradient, in place. One warp for every pair of query row and head; lanes take every
// 32nd key, so that a warp moves 128 bytes at once wherever the row begins. Blocks are one-dimensional, of whole warps; any
// grid is right, one warp for every pair suits.

// body(scene, query) for every query row in every head, by a whole warp.
template <class Body>
__device__ void for_queries(int rows, int sequences, const Packing& packing, Body body) {
    int warps = gridDim.x * (blockDim.x / WARP);
    int count = rows * packing.heads;
    for (int item = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP; item < count; item += warps) {
        int row = item / packing.heads;
        // The last sequence that begins at or before the row: sequences without queries come before it.
        int low = 0;
        int high = sequences - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (packing.query_offsets[middle] <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Scene scene = scene_of(packing, low, item % packing.heads);
        body(scene, row - scene.first_query);
    }
}

// Keys of a lane that it holds in registers: those of rows of at most 256.
constexpr int HELD = 8;

// body(n, key) for the keys of this lane.
template <class Body>
__device__ void for_held(int keys, Body body) {
#pragma unroll
    for (int n = 0; n < HELD; n++) {
        if (n * WARP >= keys) {
            break;
        }
        int key = n * WARP + threadIdx.x % WARP;
        if (key < keys) {
            body(n, key);
        }
    }
}

// Reads and writes a row once.
__device__ inline void softmax_held(float* row, int visible, int keys) {
    float held[HELD];
    float largest = -LARGEST_FLOAT;
    for_held(visible, [&](int n, int key) { held[n] = row[key]; });
    for_held(visible, [&](int n, int) { largest = fmaxf(largest, held[n]); });
    largest = reduce_warp(largest, Largest());
    float sum = 0.0f;
    for_held(visible, [&](int n, int) {
        held[n] = expf(held[n] - largest);
        sum += held[n];
    });
    float share = 1.0f / reduce_warp(sum, Addition());
    for_held(keys, [&](int n, int key) { row[key] = key < visible ? held[n] * share : 0.0f; });
}

// The same sums in the same order, of rows of any length.
__device__ inline void softmax_read_again(float* row, int visible, int keys) {
    int lane = threadIdx.x % WARP;
    float largest = -LARGEST_FLOAT;
    for (int j = lane; j < visible; j += WARP) {
        largest = fmaxf(largest, row[j]);
    }
    largest = reduce_warp(largest, Largest());
    float sum = 0.0f;
    for (int j = lane; j < visible; j += WARP) {
        float exponential = expf(row[j] - largest);
        row[j] = exponential;
        sum += exponential;
    }
    float share = 1.0f / reduce_warp(sum, Addition());
    for (int j = lane; j < keys; j += WARP) {
        row[j] = j < visible ? row[j] * share : 0.0f;
    }
}

extern "C" __global__ void __launch_bounds__(256) attention_softmax(
    int rows,
    int heads,
    int sequences,
    int causal,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    float* probabilities,
    int probabilities_stride) {
    Packing packing = {heads, heads, 1, causal, key_offsets, query_offsets, starts, positions};
    for_queries(rows, sequences, packing, [&](const Scene& scene, int query) {
        float* row = probabilities + scene.entry(query, 0, probabilities_stride);
        int visible = scene.visible(query);
        if (scene.keys <= HELD * WARP) {
            softmax_held(row, visible, scene.keys);
        } else {
            softmax_read_again(row, visible, scene.keys);
        }
    });
}

// gradients = P∘(gradients − Σ gradients∘P)·scale, with scale that of the scores.
extern "C" __global__ void __launch_bounds__(256) attention_softmax_backward(
    int rows,
    int heads,
    int sequences,
    int causal,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* probabilities,
    int probabilities_stride,
    float scale,
    float* gradients,
    int gradients_stride) {
    Packing packing = {heads, heads, 1, causal, key_offsets, query_offsets, starts, positions};
    int lane = threadIdx.x % WARP;
    for_queries(rows, sequences, packing, [&](const Scene& scene, int query) {
        const float* from = probabilities + scene.entry(query, 0, probabilities_stride);
        float* to = gradients + scene.entry(query, 0, gradients_stride);
        int visible = scene.visible(query);
        float dot = 0.0f;
        for (int j = lane; j < visible; j += WARP) {
            dot = fmaf(to[j], from[j], dot);
        }
        dot = reduce_warp(dot, Addition());
        for (int j = lane; j < scene.keys; j += WARP) {
            to[j] = j < visible ? from[j] * (to[j] - dot) * scale : 0.0f;
        }
    });
}

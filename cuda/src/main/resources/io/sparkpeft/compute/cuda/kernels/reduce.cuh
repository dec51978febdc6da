// Sums and other reductions in an order that depends on the block's size alone: a tree in every warp, then one over warps.

struct Addition {
    __device__ float operator()(float one, float other) const {
        return one + other;
    }
};

struct Largest {
    __device__ float operator()(float one, float other) const {
        return fmaxf(one, other);
    }
};

// All lanes get the result.
template <class T, class Operation>
__device__ T reduce_warp(T value, Operation operation) {
    for (int lanes = WARP / 2; lanes > 0; lanes /= 2) {
        value = operation(value, __shfl_xor_sync(FULL_WARP, value, lanes));
    }
    return value;
}

// N reductions at once over a one-dimensional block of at most 32 warps; all threads get the results.
template <int N, class Operation>
__device__ Pack<N> reduce_block(Pack<N> values, float neutral, Operation operation, float* shared /* [N·WARP] */) {
    int lane = threadIdx.x % WARP;
    int warp = threadIdx.x / WARP;
    int warps = blockDim.x / WARP;
    for (int i = 0; i < N; i++) {
        float value = reduce_warp(values.at[i], operation);
        if (lane == 0) {
            shared[i * WARP + warp] = value;
        }
    }
    __syncthreads();
    for (int i = 0; i < N; i++) {
        values.at[i] = reduce_warp(lane < warps ? shared[i * WARP + lane] : neutral, operation);
    }
    __syncthreads();  // the next reduction writes to the same place
    return values;
}

__device__ inline float sum_block(float value, float* shared /* [WARP] */) {
    return reduce_block(Pack<1>{{value}}, 0.0f, Addition(), shared).at[0];
}

// body(Width<N>, column) for the packs of one row, all threads of the block together.
template <class Body>
__device__ void for_row(int columns, bool quads, Body body) {
    if (quads) {
        for (int c = 4 * threadIdx.x; c < columns; c += 4 * blockDim.x) {
            body(Width<4>(), c);
        }
    } else {
        for (int c = threadIdx.x; c < columns; c += blockDim.x) {
            body(Width<1>(), c);
        }
    }
}

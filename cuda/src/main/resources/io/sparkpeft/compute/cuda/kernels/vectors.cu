// The k-vector of tuned weights. Any grid is right, except that of sum_of_squares, which makes its order.

// Adam with decoupled weight decay, update for update the float operations of io.sparkpeft.optim.AdamW in their order, none
// contracted: the bits are those of the Java loop. factors: keep, beta1, beta2, rest1, rest2, step size, correction, epsilon.
extern "C" __global__ void __launch_bounds__(256) adam_step(
    int count,
    float* values,
    const float* gradient,
    float* first,
    float* second,
    const float* factors) {
    float keep = factors[0], beta1 = factors[1], beta2 = factors[2], rest1 = factors[3], rest2 = factors[4];
    float step_size = factors[5], correction = factors[6], epsilon = factors[7];
    for_indices(count, [=](int i) {
        float g = gradient[i];
        float m = __fadd_rn(__fmul_rn(first[i], beta1), __fmul_rn(rest1, g));
        float v = __fadd_rn(__fmul_rn(second[i], beta2), __fmul_rn(__fmul_rn(rest2, g), g));
        first[i] = m;
        second[i] = v;
        float denominator = __fadd_rn(__fdiv_rn(__fsqrt_rn(v), correction), epsilon);
        values[i] = __fsub_rn(__fmul_rn(values[i], keep), __fdiv_rn(__fmul_rn(step_size, m), denominator));
    });
}

// io.sparkpeft.optim.Sgd, to the bits of the Java loop.
extern "C" __global__ void __launch_bounds__(256) sgd_step(
    int count, float* values, const float* gradient, float keep, float step_size) {
    for_indices(count, [=](int i) {
        values[i] = __fsub_rn(__fmul_rn(values[i], keep), __fmul_rn(step_size, gradient[i]));
    });
}

// partial[b] = the squares of chunk b, summed in double by a tree over the block's 256 threads. Grid: ⌈count/chunk⌉.
extern "C" __global__ void __launch_bounds__(256) sum_of_squares(
    long long count, const float* values, int chunk, double* partial) {
    static __shared__ double shared[256];
    long long first = (long long)blockIdx.x * chunk;
    long long end = min(count, first + chunk);
    double sum = 0.0;
    for (long long i = first + threadIdx.x; i < end; i += blockDim.x) {
        double value = values[i];
        sum += value * value;
    }
    shared[threadIdx.x] = sum;
    for (unsigned threads = blockDim.x / 2; threads > 0; threads /= 2) {
        __syncthreads();
        if (threadIdx.x < threads) {
            shared[threadIdx.x] += shared[threadIdx.x + threads];
        }
    }
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = shared[0];
    }
}

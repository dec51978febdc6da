// Kernels with the errors that the emulator is there to find. Each is right where its last argument is 0.

extern "C" __global__ void __launch_bounds__(64) half_waits(float* target, int wrong) {
    if (wrong == 0 || threadIdx.x < 32) {
        __syncthreads();
    }
    target[threadIdx.x] = 1.0f;
}

extern "C" __global__ void __launch_bounds__(64) waits_apart(float* target, int wrong) {
    if (wrong == 0 || threadIdx.x < 32) {
        __syncthreads();
    } else {
        __syncthreads();
    }
    target[threadIdx.x] = 1.0f;
}

extern "C" __global__ void __launch_bounds__(64) part_of_a_warp(float* target, int wrong) {
    float value = 1.0f;
    if (wrong == 0 || threadIdx.x % 2 == 0) {
        value = __shfl_xor_sync(0xffffffffu, value, 2);
    }
    target[threadIdx.x] = value;
}

extern "C" __global__ void __launch_bounds__(64) masked(float* target, int wrong) {
    target[threadIdx.x] = __shfl_xor_sync(wrong == 0 ? 0xffffffffu : 0xffu, 1.0f, 2);
}

// The neighbour's number, read before or after it is written: without a barrier the order of threads decides.
extern "C" __global__ void __launch_bounds__(64) races(float* target, int wrong) {
    static __shared__ float numbers[64];
    numbers[threadIdx.x] = 0.0f;
    __syncthreads();
    numbers[threadIdx.x] = threadIdx.x;
    if (wrong == 0) {
        __syncthreads();
    }
    target[threadIdx.x] = numbers[(threadIdx.x + 1) % 64];
}

extern "C" __global__ void __launch_bounds__(64) reads_unwritten(float* target, int wrong) {
    static __shared__ float numbers[64];
    if (wrong == 0 || threadIdx.x < 63) {
        numbers[threadIdx.x] = 1.0f;
    }
    __syncthreads();
    target[threadIdx.x] = numbers[63 - threadIdx.x];
}

// What one block leaves for another: the order of blocks decides.
extern "C" __global__ void __launch_bounds__(64) blocks_depend(float* target, int wrong) {
    if (threadIdx.x == 0) {
        if (wrong == 0) {
            target[blockIdx.x] = blockIdx.x;
        } else {
            target[0] = blockIdx.x;
        }
    }
}

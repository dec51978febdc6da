// What all kernels share. The files of kernels.list, in that order, are one translation unit, compiled by NVRTC on the
// machine with the card: nothing is included. A matrix is a pointer to its first float and a stride in floats; sizes of
// matrices are below 2^31 entries, places in memory need not be.

constexpr int WARP = 32;
constexpr unsigned FULL_WARP = 0xffffffffu;
constexpr float LARGEST_FLOAT = 3.402823466e+38f;

// A matrix that is read.
struct Source {
    const float* data;
    int stride;

    __device__ const float* at(int row, int column) const {
        return data + (long long)row * stride + column;
    }
};

// A matrix that is written, or read and written.
struct Target {
    float* data;
    int stride;

    __device__ float* at(int row, int column) const {
        return data + (long long)row * stride + column;
    }

    __device__ operator Source() const {
        return {data, stride};
    }
};

// Neighbouring floats of a row, which move as one where there are four.
template <int N>
struct Pack {
    float at[N];
};

template <int N>
__device__ Pack<N> load(const float* from);

template <>
__device__ inline Pack<1> load<1>(const float* from) {
    return {{*from}};
}

template <>
__device__ inline Pack<4> load<4>(const float* from) {
    float4 quad = *reinterpret_cast<const float4*>(from);
    return {{quad.x, quad.y, quad.z, quad.w}};
}

__device__ inline void store(float* to, Pack<1> pack) {
    *to = pack.at[0];
}

__device__ inline void store(float* to, Pack<4> pack) {
    *reinterpret_cast<float4*>(to) = make_float4(pack.at[0], pack.at[1], pack.at[2], pack.at[3]);
}

// Whether every row starts at a multiple of 16 bytes. A stride of 0 repeats one row.
__device__ inline bool has_quads(int rows, Source matrix) {
    return (unsigned long long)matrix.data % 16 == 0 && (rows == 1 || matrix.stride % 4 == 0);
}

// Whether all these matrices can be walked by packs of four.
template <class... Matrices>
__device__ bool by_quads(int rows, int columns, Matrices... matrices) {
    return columns % 4 == 0 && (has_quads(rows, matrices) && ...);
}

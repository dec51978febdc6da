// The words of CUDA C that the kernels use, for a C++ compiler. Without a definition here a word does not compile, so the
// emulator never guesses.
#pragma once

#include <math.h>

#include <cstdint>
#include <cstring>

#include "block.h"
#include "fragments.h"

#define __global__
#define __device__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
// Shared memory is filled with NaN before each block. Write `static __shared__`: one copy for all fibers.
#define __shared__ __attribute__((section("shared_memory")))

#define threadIdx (::emulator::place.thread)
#define blockIdx (::emulator::place.block)
#define blockDim (::emulator::place.block_size)
#define gridDim (::emulator::place.grid_size)

#define __syncthreads() ::emulator::running->wait(::emulator::State::AT_BLOCK_BARRIER, __FILE__, __LINE__)
#define __syncwarp() ::emulator::running->wait(::emulator::State::AT_WARP_BARRIER, __FILE__, __LINE__)
#define __shfl_xor_sync(mask, value, lanes) \
    ::emulator::shuffle(mask, value, ::emulator::running->lane() ^ (lanes), __FILE__, __LINE__)
#define __shfl_sync(mask, value, lane) ::emulator::shuffle(mask, value, lane, __FILE__, __LINE__)

namespace emulator {

// All 32 lanes take part: nothing else is needed, and a mask that leaves some out is most often an error.
template <class T>
T shuffle(unsigned mask, T value, unsigned source_lane, const char* file, int line) {
    static_assert(sizeof(T) <= sizeof(Thread::slots[0]), "a shuffle moves a few bytes");
    if (mask != 0xffffffffu || source_lane >= WARP) {
        running->fail(std::string("shuffle of a part of a warp at ") + file + ":" + std::to_string(line));
    }
    int turn = running->share(&value, sizeof value, file, line);
    memcpy(&value, running->shared_by(source_lane, turn), sizeof value);
    return value;
}

// A rounded result of its own: no compiler may contract what stands before and after it into one operation.
inline float rounded(float value) {
#if defined(__x86_64__)
    asm("" : "+x"(value));
#elif defined(__aarch64__)
    asm("" : "+w"(value));
#else
    asm("" : "+m"(value));
#endif
    return value;
}

}  // namespace emulator

struct alignas(8) float2 {
    float x, y;
};

struct alignas(16) float4 {
    float x, y, z, w;
};

inline float4 make_float4(float x, float y, float z, float w) {
    return {x, y, z, w};
}

struct alignas(16) uint4 {
    unsigned x, y, z, w;
};

inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) {
    return {x, y, z, w};
}

// A load of what no thread of the kernel writes.
template <class T>
T __ldg(const T* from) {
    return *from;
}

inline float __fmul_rn(float a, float b) {
    return emulator::rounded(a * b);
}

inline float __fadd_rn(float a, float b) {
    return emulator::rounded(a + b);
}

inline float __fsub_rn(float a, float b) {
    return emulator::rounded(a - b);
}

inline float __fdiv_rn(float a, float b) {
    return emulator::rounded(a / b);
}

inline float __fsqrt_rn(float a) {
    return emulator::rounded(sqrtf(a));
}

inline unsigned __float_as_uint(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline float __uint_as_float(unsigned bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

template <class T>
T min(T a, T b) {
    return b < a ? b : a;
}

template <class T>
T max(T a, T b) {
    return a < b ? b : a;
}

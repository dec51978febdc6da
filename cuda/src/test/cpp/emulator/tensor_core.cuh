// In place of the kernels' tensor_core.cuh: the same products, lane by lane.

constexpr int FRAGMENT_ROWS = 16;
constexpr int FRAGMENT_COLUMNS = 8;
constexpr int FRAGMENT_DEPTH = 8;

#if __CUDA_ARCH__ >= 800

// To the nearest of 10 bits of fraction, ties away from 0.
inline unsigned round_to_tf32(float x) {
    return isfinite(x) ? (__float_as_uint(x) + 0x1000u) & ~0x1fffu : __float_as_uint(x);
}

inline void multiply_fragments(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
    emulator::multiply_fragments(sums, left, right, __FILE__, __LINE__);
}

#endif

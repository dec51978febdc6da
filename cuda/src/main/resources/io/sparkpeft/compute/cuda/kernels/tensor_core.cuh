// Products of 16 × 8 by 8 × 8 numbers on the tensor cores of a warp, in TF32: a float with 10 bits of fraction. From compute
// capability 8.0 on. The one file with PTX in it; the emulator puts its own in its place.

// Fragments as the PTX ISA lays out mma.m16n8k8 (section "Matrix fragments for mma.m16n8k8"), g = lane/4 and t = lane%4: left
// has (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4); right has (t, g), (t + 4, g); sums has (g, 2t), (g, 2t + 1),
// (g + 8, 2t), (g + 8, 2t + 1), always (row, column).
constexpr int FRAGMENT_ROWS = 16;
constexpr int FRAGMENT_COLUMNS = 8;
constexpr int FRAGMENT_DEPTH = 8;

#if __CUDA_ARCH__ >= 800

// To the nearest, in the bits of a float.
__device__ inline unsigned round_to_tf32(float x) {
    unsigned rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(x));
    return rounded;
}

// sums += left·right, by all lanes of the warp together.
__device__ inline void multiply_fragments(float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2]) {
    asm volatile(
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
}

#endif

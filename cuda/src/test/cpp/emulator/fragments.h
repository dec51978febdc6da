// mma.m16n8k8 of the PTX ISA for TF32: a warp's 32 lanes put their parts of two matrices together.
#pragma once

namespace emulator {

// sums += left·right. Cards add the eight products of an entry and its sum, and cut what does not fit into a float off.
void multiply_fragments(
    float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2], const char* file, int line);

}  // namespace emulator

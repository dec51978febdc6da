#include "fragments.h"

#include <cmath>
#include <cstring>

#include "block.h"

namespace emulator {

static float number(unsigned bits) {
    constexpr unsigned TF32 = 0xffffe000u;
    bits &= TF32;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float towards_zero(double value) {
    float nearest = static_cast<float>(value);
    return std::isfinite(nearest) && std::fabs(nearest) > std::fabs(value) ? std::nextafterf(nearest, 0.0f) : nearest;
}

void multiply_fragments(
    float (&sums)[4], const unsigned (&left)[4], const unsigned (&right)[2], const char* file, int line) {
    unsigned own[6] = {left[0], left[1], left[2], left[3], right[0], right[1]};
    int turn = running->share(own, sizeof own, file, line);
    unsigned lane = running->lane();
    for (unsigned i = 0; i < 4; i++) {
        unsigned row = lane / 4 + i / 2 * 8;
        unsigned column = lane % 4 * 2 + i % 2;
        double sum = sums[i];
        for (unsigned k = 0; k < 8; k++) {
            auto* of_row = static_cast<const unsigned*>(running->shared_by(row % 8 * 4 + k % 4, turn));
            auto* of_column = static_cast<const unsigned*>(running->shared_by(column * 4 + k % 4, turn));
            sum += static_cast<double>(number(of_row[row / 8 + k / 4 * 2])) * number(of_column[4 + k / 4]);
        }
        sums[i] = towards_zero(sum);
    }
}

}  // namespace emulator

// Copies and sums, entry by entry: every float is read once and written once. Geometry and order: entries.cuh.

extern "C" __global__ void __launch_bounds__(256) fill(int rows, int columns, float* target, int target_stride, float value) {
    Target to = {target, target_stride};
    for_entries(rows, columns, by_quads(rows, columns, to), [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> pack;
        for (int i = 0; i < n; i++) {
            pack.at[i] = value;
        }
        store(to.at(row, column), pack);
    });
}

extern "C" __global__ void __launch_bounds__(256) copy(
    int rows, int columns, const float* source, int source_stride, float* target, int target_stride) {
    map(rows, columns, {source, source_stride}, {target, target_stride}, [](float x) { return x; });
}

// target *= *factor
extern "C" __global__ void __launch_bounds__(256) scale(
    int rows, int columns, const float* factor, float* target, int target_stride) {
    Target to = {target, target_stride};
    float by = *factor;
    map(rows, columns, to, to, [=](float x) { return by * x; });
}

// target += alpha·source
extern "C" __global__ void __launch_bounds__(256) add(
    int rows, int columns, float alpha, const float* source, int source_stride, float* target, int target_stride) {
    Target to = {target, target_stride};
    zip(rows, columns, {source, source_stride}, to, to, [=](float x, float sum) { return fmaf(alpha, x, sum); });
}

// target = factor·target
extern "C" __global__ void __launch_bounds__(256) multiply(
    int rows, int columns, const float* factor, int factor_stride, float* target, int target_stride) {
    Target to = {target, target_stride};
    zip(rows, columns, {factor, factor_stride}, to, to, [](float f, float x) { return f * x; });
}

// Every row of the target becomes the bias.
extern "C" __global__ void __launch_bounds__(256) fill_rows(
    int rows, int columns, const float* bias, float* target, int target_stride) {
    map(rows, columns, {bias, 0}, {target, target_stride}, [](float x) { return x; });
}

// output = source + bias, row by row.
extern "C" __global__ void __launch_bounds__(256) add_bias(
    int rows,
    int columns,
    const float* bias,
    const float* source,
    int source_stride,
    float* output,
    int output_stride) {
    Target to = {output, output_stride};
    zip(rows, columns, {bias, 0}, {source, source_stride}, to, [](float b, float x) { return x + b; });
}

// target += source²
extern "C" __global__ void __launch_bounds__(256) add_squares(
    int rows, int columns, const float* source, int source_stride, float* target, int target_stride) {
    Target to = {target, target_stride};
    zip(rows, columns, {source, source_stride}, to, to, [](float x, float sum) { return fmaf(x, x, sum); });
}

// Unpacks what io.sparkpeft.compute.Halves packed: column j < width lies in the upper half of float j, column width + j in
// its lower half. The thread of a packed float writes both.
extern "C" __global__ void __launch_bounds__(256) expand_halves(
    int rows, int columns, const float* packed, int packed_stride, float* target, int target_stride) {
    int width = (columns + 1) / 2;
    Source from = {packed, packed_stride};
    Target to = {target, target_stride};
    for_packs<1>(rows, width, [=](auto, int row, int column) {
        unsigned bits = __float_as_uint(*from.at(row, column));
        *to.at(row, column) = __uint_as_float(bits & 0xffff0000u);
        if (width + column < columns) {
            *to.at(row, width + column) = __uint_as_float(bits << 16);
        }
    });
}

// To the nearest bfloat16, ties to even; NaN stays NaN.
__device__ inline unsigned short bfloat16(float value) {
    unsigned bits = __float_as_uint(value);
    unsigned rounded = value == value ? bits + 0x7fffu + (bits >> 16 & 1) : bits | 0x400000u;
    return (unsigned short)(rounded >> 16);
}

// Two neighbours in one word, the first in its lower half.
__device__ inline unsigned bfloat16_pair(float first, float second) {
    return (unsigned)bfloat16(second) << 16 | bfloat16(first);
}

__device__ inline uint4 bfloat16_octet(Pack<4> first, Pack<4> second) {
    return make_uint4(
        bfloat16_pair(first.at[0], first.at[1]),
        bfloat16_pair(first.at[2], first.at[3]),
        bfloat16_pair(second.at[0], second.at[1]),
        bfloat16_pair(second.at[2], second.at[3]));
}

// The target's stride counts 16-bit numbers. By packs of eight where all rows are aligned: 16 bytes are the most that a
// thread loads or stores at once.
extern "C" __global__ void __launch_bounds__(256) round_to_bfloat16(
    int rows, int columns, const float* source, int source_stride, unsigned short* target, int target_stride) {
    Source from = {source, source_stride};
    bool aligned = (unsigned long long)target % 16 == 0 && (rows == 1 || target_stride % 8 == 0);
    if (aligned && columns % 8 == 0 && has_quads(rows, from)) {
        for_packs<8>(rows, columns, [=](auto, int row, int column) {
            const float* place = from.at(row, column);
            uint4 octet = bfloat16_octet(load<4>(place), load<4>(place + 4));
            *reinterpret_cast<uint4*>(target + (long long)row * target_stride + column) = octet;
        });
    } else {
        for_packs<1>(rows, columns, [=](auto, int row, int column) {
            target[(long long)row * target_stride + column] = bfloat16(*from.at(row, column));
        });
    }
}

// target *= 0 or scale; see random.cuh.
extern "C" __global__ void __launch_bounds__(256) dropout(
    int rows, int columns, float* target, int target_stride, const unsigned* seeds, float probability, float scale) {
    Target to = {target, target_stride};
    Dropout dropout = {seeds, probability, scale};
    for_entries(rows, columns, by_quads(rows, columns, to), [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> pack = load<n>(to.at(row, column));
        for (int i = 0; i < n; i++) {
            pack.at[i] *= dropout.factor(row, column + i);
        }
        store(to.at(row, column), pack);
    });
}

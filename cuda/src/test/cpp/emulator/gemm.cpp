// The matrix product of a BLAS library, column-major, summed in double.
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

float value(const void* matrix, int64_t index, bool bfloat16) {
    if (!bfloat16) {
        return static_cast<const float*>(matrix)[index];
    }
    uint32_t bits = static_cast<uint32_t>(static_cast<const uint16_t*>(matrix)[index]) << 16;
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

// op(matrix), column after column, as doubles.
std::vector<double> columns(const void* matrix, int stride, bool transpose, int rows, int count, bool bfloat16) {
    std::vector<double> result(static_cast<size_t>(rows) * count);
    for (int64_t c = 0; c < count; c++) {
        for (int64_t r = 0; r < rows; r++) {
            result[c * rows + r] = value(matrix, transpose ? r * stride + c : c * stride + r, bfloat16);
        }
    }
    return result;
}

}  // namespace

// c [m, n] = alpha·op(a)·op(b) + beta·c, with c unread where beta is 0; bfloat16: a and b hold 16-bit numbers.
extern "C" void emulator_gemm(
    int transpose_a,
    int transpose_b,
    int m,
    int n,
    int k,
    float alpha,
    const void* a,
    int stride_a,
    const void* b,
    int stride_b,
    float beta,
    float* c,
    int stride_c,
    int bfloat16) {
    std::vector<double> left = columns(a, stride_a, transpose_a, m, k, bfloat16);
    std::vector<double> right = columns(b, stride_b, transpose_b, k, n, bfloat16);
    std::vector<double> sums(m);
    for (int64_t j = 0; j < n; j++) {
        sums.assign(m, 0.0);
        for (int64_t p = 0; p < k; p++) {
            double factor = right[j * k + p];
            const double* column = &left[p * m];
            for (int i = 0; i < m; i++) {
                sums[i] += column[i] * factor;
            }
        }
        float* target = c + j * stride_c;
        for (int i = 0; i < m; i++) {
            target[i] = static_cast<float>(alpha * sums[i] + (beta == 0 ? 0.0 : static_cast<double>(beta) * target[i]));
        }
    }
}

// A stand-in of cuBLAS: handles, and products by the emulator's. Inputs that TF32 would round are not rounded.
#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <functional>

extern "C" void emulator_gemm(
    int, int, int, int, int, float, const void*, int, const void*, int, float, float*, int, int);

namespace {

enum Status { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum Operation { N = 0, T = 1 };
enum Type { R_32F = 0, R_16BF = 14 };
enum Compute { COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77 };

struct Handle {
    void* stream = nullptr;
    // Without one cuBLAS would allocate, which a capture does not allow.
    bool has_workspace = false;
};

// What the driver makes of work in a stream: does it, or keeps it. The program has the driver's library open.
int ask(void* stream, std::function<int()> work) {
    using Ask = int (*)(void*, std::function<int()>*);
    static const Ask driver = reinterpret_cast<Ask>(dlsym(dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD), "standin_ask"));
    return driver(stream, &work);
}

// An operand as cuBLAS takes it: column-major, with as many rows as it has before any transposition.
struct Operand {
    const void* data;
    int type, leading, rows;
    long long step;

    bool is_valid() const {
        return (type == R_32F || type == R_16BF) && leading >= (rows > 1 ? rows : 1);
    }

    const void* at(int batch) const {
        int size = type == R_16BF ? 2 : 4;
        return static_cast<const char*>(data) + batch * step * size;
    }
};

bool is_supported(const Operand& a, const Operand& b, int c_type, int compute) {
    bool exact = compute == COMPUTE_32F || compute == COMPUTE_32F_PEDANTIC || compute == COMPUTE_32F_FAST_TF32;
    bool agree = a.type == b.type && c_type == R_32F;
    return exact && agree && (compute == COMPUTE_32F || a.type == R_32F);
}

}  // namespace

extern "C" {

Status cublasCreate_v2(Handle** handle) {
    *handle = new Handle();
    return SUCCESS;
}

Status cublasDestroy_v2(Handle* handle) {
    delete handle;
    return handle == nullptr ? NOT_INITIALIZED : SUCCESS;
}

Status cublasSetStream_v2(Handle* handle, void* stream) {
    if (handle == nullptr) {
        return NOT_INITIALIZED;
    }
    handle->stream = stream;
    return SUCCESS;
}

Status cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t) {
    if (handle == nullptr) {
        return NOT_INITIALIZED;
    }
    handle->has_workspace = reinterpret_cast<uintptr_t>(workspace) % 256 == 0;
    return handle->has_workspace ? SUCCESS : INVALID_VALUE;
}

Status cublasSetMathMode(Handle* handle, int) {
    return handle == nullptr ? NOT_INITIALIZED : SUCCESS;
}

Status cublasSetAtomicsMode(Handle* handle, int) {
    return handle == nullptr ? NOT_INITIALIZED : SUCCESS;
}

Status cublasSetPointerMode_v2(Handle* handle, int) {
    return handle == nullptr ? NOT_INITIALIZED : SUCCESS;
}

Status cublasGetVersion_v2(Handle* handle, int* version) {
    *version = 130000;
    return handle == nullptr ? NOT_INITIALIZED : SUCCESS;
}

const char* cublasGetStatusString(Status status) {
    switch (status) {
        case SUCCESS: return "success";
        case NOT_INITIALIZED: return "the library was not initialized";
        case INVALID_VALUE: return "an unsupported value or parameter was passed to the function";
        case EXECUTION_FAILED: return "the function failed to launch on the GPU";
        case NOT_SUPPORTED: return "the functionality requested is not supported";
    }
    return "unknown status";
}

Status cublasGemmStridedBatchedEx(
    Handle* handle,
    int transpose_a,
    int transpose_b,
    int m,
    int n,
    int k,
    const float* alpha,
    const void* a,
    int a_type,
    int a_leading,
    long long a_step,
    const void* b,
    int b_type,
    int b_leading,
    long long b_step,
    const float* beta,
    float* c,
    int c_type,
    int c_leading,
    long long c_step,
    int batches,
    int compute,
    int) {
    Operand left = {a, a_type, a_leading, transpose_a == T ? k : m, a_step};
    Operand right = {b, b_type, b_leading, transpose_b == T ? n : k, b_step};
    Operand result = {c, c_type, c_leading, m, c_step};
    if (handle == nullptr) {
        return NOT_INITIALIZED;
    }
    bool valid = left.is_valid() && right.is_valid() && result.is_valid() && m >= 0 && n >= 0 && k >= 0 && batches >= 0;
    if (!valid || transpose_a > T || transpose_b > T) {
        return INVALID_VALUE;
    }
    if (!is_supported(left, right, c_type, compute)) {
        return NOT_SUPPORTED;
    }
    if (!handle->has_workspace) {
        return NOT_SUPPORTED;
    }
    int code = ask(handle->stream, [=, alpha = *alpha, beta = *beta] {
        for (int i = 0; i < batches; i++) {
            emulator_gemm(
                transpose_a, transpose_b, m, n, k, alpha, left.at(i), a_leading, right.at(i), b_leading, beta,
                c + i * c_step, c_leading, a_type == R_16BF);
        }
        return 0;
    });
    return code == 0 ? SUCCESS : EXECUTION_FAILED;
}

Status cublasGemmEx(
    Handle* handle,
    int transpose_a,
    int transpose_b,
    int m,
    int n,
    int k,
    const float* alpha,
    const void* a,
    int a_type,
    int a_leading,
    const void* b,
    int b_type,
    int b_leading,
    const float* beta,
    float* c,
    int c_type,
    int c_leading,
    int compute,
    int algorithm) {
    return cublasGemmStridedBatchedEx(
        handle, transpose_a, transpose_b, m, n, k, alpha, a, a_type, a_leading, 0, b, b_type, b_leading, 0, beta, c,
        c_type, c_leading, 0, 1, compute, algorithm);
}

}  // extern "C"

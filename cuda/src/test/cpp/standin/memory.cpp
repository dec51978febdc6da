// Memory and copies of the driver's interface. Copies are done at once or when their graph is launched, and only inside memory that was given out.
#include <cstdlib>
#include <cstring>

#include "driver.h"

namespace {

enum MemoryType { HOST = 1, DEVICE = 2 };

// What a card says for CU_DEVICE_ATTRIBUTE_MAX_PITCH; less for tests, which have no room for a row of that length.
size_t longest_pitch() {
    const char* value = getenv("STANDIN_MAX_PITCH");
    return value == nullptr ? 0x7fffffff : strtoull(value, nullptr, 10);
}

// One end of a copy, as cuda.h lays it out.
struct End {
    size_t x, y;
    unsigned type;
    char* host;
    CUdeviceptr device;
    void* array;
    size_t pitch;

    bool is_valid(size_t width, size_t height) const {
        if (height == 0 || width == 0) {
            return true;
        }
        if (pitch < width || pitch > longest_pitch() || x != 0 || y != 0) {
            return false;
        }
        return type == HOST || (type == DEVICE && driver.device.holds(device, (height - 1) * pitch + width));
    }

    char* row(size_t r) const {
        char* start = type == HOST ? host : reinterpret_cast<char*>(device);
        return start + r * pitch;
    }
};

struct Copy {
    End source, target;
    size_t width, height;
};

static_assert(sizeof(Copy) == 128, "CUDA_MEMCPY2D of cuda.h has 128 bytes");

CUresult take(Memory& memory, void** start, size_t bytes) {
    CUresult result = bytes == 0 ? CUDA_ERROR_INVALID_VALUE : outside_of_captures();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    *start = memory.take(bytes);
    return *start == nullptr ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

CUresult give_back(Memory& memory, void* start) {
    CUresult result = outside_of_captures();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    return memory.give_back(start) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult do_copy(const Copy& copy) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (!copy.source.is_valid(copy.width, copy.height) || !copy.target.is_valid(copy.width, copy.height)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    for (size_t r = 0; r < copy.height; r++) {
        memcpy(copy.target.row(r), copy.source.row(r), copy.width);
    }
    return CUDA_SUCCESS;
}

}  // namespace

extern "C" {

CUresult cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    void* start = nullptr;
    CUresult result = take(driver.device, &start, bytes);
    *address = reinterpret_cast<CUdeviceptr>(start);
    return result;
}

CUresult cuMemFree_v2(CUdeviceptr address) {
    return give_back(driver.device, reinterpret_cast<void*>(address));
}

CUresult cuMemHostAlloc(void** start, size_t bytes, unsigned) {
    return take(driver.host, start, bytes);
}

CUresult cuMemFreeHost(void* start) {
    return give_back(driver.host, start);
}

CUresult cuMemcpy2DAsync_v2(const Copy* copy, CUstream stream) {
    CUresult result = ready();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    return ask(stream, [own = *copy] { return do_copy(own); });
}

}  // extern "C"

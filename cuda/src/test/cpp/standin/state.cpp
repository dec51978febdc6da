#include <cstdlib>
#include <cstring>

#include "driver.h"

Driver driver;
thread_local CUcontext current = nullptr;

static std::string variable(const char* name, const char* otherwise) {
    const char* value = getenv(name);
    return value == nullptr ? otherwise : value;
}

int standin_capability() {
    std::string text = variable("STANDIN_CAPABILITY", "9.0");
    size_t point = text.find('.');
    return std::stoi(text.substr(0, point)) * 10 + std::stoi(text.substr(point + 1));
}

int standin_devices() {
    return std::stoi(variable("STANDIN_DEVICES", "2"));
}

CUresult ready() {
    if (!driver.initialised) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    return current == nullptr || current->users == 0 ? CUDA_ERROR_INVALID_CONTEXT : CUDA_SUCCESS;
}

void* Memory::take(size_t bytes) {
    constexpr size_t ALIGNMENT = 256;
    if (bytes > LIMIT - taken) {
        return nullptr;
    }
    void* start = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    memset(start, 0xff, bytes);
    pieces[reinterpret_cast<CUdeviceptr>(start)] = bytes;
    taken += bytes;
    return start;
}

bool Memory::give_back(void* start) {
    auto found = pieces.find(reinterpret_cast<CUdeviceptr>(start));
    if (found == pieces.end()) {
        return false;
    }
    taken -= found->second;
    pieces.erase(found);
    free(start);
    return true;
}

bool Memory::holds(CUdeviceptr start, size_t bytes) const {
    auto after = pieces.upper_bound(start);
    if (after == pieces.begin()) {
        return false;
    }
    auto piece = std::prev(after);
    return start + bytes <= piece->first + piece->second;
}

// Modules, functions and launches of the driver's interface, by the emulator.
#include <array>
#include <cstdio>
#include <cstring>
#include <vector>

#include "driver.h"
#include "image.h"

extern "C" int emulator_launch(const char*, const int*, const int*, const long long*, int);
extern "C" const char* emulator_signature(const char*);
extern "C" const char* emulator_message();
extern "C" int emulator_kernel_count();
extern "C" const char* emulator_kernel_name(int);

// As many bytes of every argument as its type has: four of int and float, eight of others.
static std::vector<long long> slots(const char* signature, void** arguments) {
    std::vector<long long> slots(strlen(signature));
    for (size_t i = 0; i < slots.size(); i++) {
        memcpy(&slots[i], arguments[i], signature[i] == 'i' || signature[i] == 'f' ? 4 : 8);
    }
    return slots;
}

static CUresult run(const char* name, const int* grid, const int* block, const std::vector<long long>& values) {
    int code = emulator_launch(name, grid, block, values.data(), static_cast<int>(values.size()));
    if (code != 0) {
        fprintf(stderr, "Stand-in: %s\n", emulator_message());
    }
    constexpr int MISUSED = 4;
    return code == 0 ? CUDA_SUCCESS : code == MISUSED ? CUDA_ERROR_LAUNCH_FAILED : CUDA_ERROR_INVALID_VALUE;
}

extern "C" {

CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    CUresult result = ready();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    int capability;
    if (sscanf(static_cast<const char*>(image), IMAGE_FORMAT, &capability) != 1) {
        return CUDA_ERROR_INVALID_IMAGE;
    }
    // Machine code runs on its own major version of the capability, from its minor version on.
    if (capability / 10 != standin_capability() / 10 || capability > standin_capability()) {
        return CUDA_ERROR_NO_BINARY_FOR_GPU;
    }
    auto* loaded = new Module();
    for (int i = 0; i < emulator_kernel_count(); i++) {
        loaded->functions[emulator_kernel_name(i)] = {emulator_kernel_name(i)};
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    driver.modules.insert(loaded);
    *module = loaded;
    return CUDA_SUCCESS;
}

CUresult cuModuleUnload(CUmodule module) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.modules.erase(module) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete module;
    return CUDA_SUCCESS;
}

CUresult cuModuleGetFunction(CUfunction* function, CUmodule module, const char* name) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.modules.count(module) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    auto found = module->functions.find(name);
    if (found == module->functions.end()) {
        return CUDA_ERROR_NOT_FOUND;
    }
    *function = &found->second;
    return ready();
}

CUresult cuLaunchKernel(
    CUfunction function,
    unsigned grid_x,
    unsigned grid_y,
    unsigned grid_z,
    unsigned block_x,
    unsigned block_y,
    unsigned block_z,
    unsigned shared_bytes,
    CUstream stream,
    void** arguments,
    void** extra) {
    CUresult result = ready();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    if (shared_bytes != 0 || extra != nullptr) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const char* name = function->name.c_str();
    std::array<int, 3> grid = {static_cast<int>(grid_x), static_cast<int>(grid_y), static_cast<int>(grid_z)};
    std::array<int, 3> block = {static_cast<int>(block_x), static_cast<int>(block_y), static_cast<int>(block_z)};
    std::vector<long long> values = slots(emulator_signature(name), arguments);
    return ask(stream, [=] { return run(name, grid.data(), block.data(), values); });
}

}  // extern "C"

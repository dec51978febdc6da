// Devices, contexts and streams of the driver's interface.
#include <algorithm>
#include <cstring>

#include "driver.h"

static bool is_device(CUdevice device) {
    return driver.initialised && device >= 0 && device < standin_devices();
}

extern "C" {

CUresult cuInit(unsigned flags) {
    if (flags != 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    driver.initialised = standin_devices() > 0;
    return driver.initialised ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}

CUresult cuDriverGetVersion(int* version) {
    *version = 13000;
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetCount(int* count) {
    *count = standin_devices();
    return driver.initialised ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

CUresult cuDeviceGet(CUdevice* device, int index) {
    *device = index;
    return is_device(index) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult cuDeviceGetName(char* name, int size, CUdevice device) {
    if (!is_device(device) || size < 1) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    strncpy(name, "Stand-in without a card", size);
    name[size - 1] = 0;
    return CUDA_SUCCESS;
}

// Bytes 0, 1, … 14, and the number of the device.
CUresult cuDeviceGetUuid_v2(char* uuid, CUdevice device) {
    for (int i = 0; i < 15; i++) {
        uuid[i] = static_cast<char>(i);
    }
    uuid[15] = static_cast<char>(device);
    return is_device(device) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult cuDeviceTotalMem_v2(size_t* bytes, CUdevice device) {
    *bytes = Memory::LIMIT;
    return is_device(device) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device) {
    constexpr int MULTIPROCESSORS = 16, CAPABILITY_MAJOR = 75, CAPABILITY_MINOR = 76;
    if (!is_device(device)) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    switch (attribute) {
        case MULTIPROCESSORS: *value = 4; return CUDA_SUCCESS;
        case CAPABILITY_MAJOR: *value = standin_capability() / 10; return CUDA_SUCCESS;
        case CAPABILITY_MINOR: *value = standin_capability() % 10; return CUDA_SUCCESS;
        default: return CUDA_ERROR_INVALID_VALUE;
    }
}

CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
    if (!is_device(device) || device >= static_cast<int>(std::size(driver.contexts))) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    *context = &driver.contexts[device];
    (*context)->device = device;
    (*context)->users++;
    return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (!is_device(device) || driver.contexts[device].users == 0) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    driver.contexts[device].users--;
    return CUDA_SUCCESS;
}

CUresult cuCtxSetCurrent(CUcontext context) {
    auto known = [&](const Context& own) { return &own == context && own.users > 0; };
    if (context != nullptr && std::none_of(std::begin(driver.contexts), std::end(driver.contexts), known)) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    current = context;
    return CUDA_SUCCESS;
}

CUresult cuStreamCreate(CUstream* stream, unsigned flags) {
    CUresult result = flags > 1 ? CUDA_ERROR_INVALID_VALUE : ready();
    if (result == CUDA_SUCCESS) {
        std::lock_guard<std::mutex> guard(driver.mutex);
        *stream = new Stream{current, false, false, {}};
        driver.streams.insert(*stream);
    }
    return result;
}

CUresult cuStreamSynchronize(CUstream stream) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.streams.count(stream) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (stream->capturing) {
        stream->spoiled = true;
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    return ready();
}

CUresult cuStreamDestroy_v2(CUstream stream) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.streams.erase(stream) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete stream;
    return CUDA_SUCCESS;
}

}  // extern "C"

// What the stand-in of the CUDA driver has and checks: devices, contexts, streams, memory and modules. It computes with the
// emulator. The numbers are those of cuda.h of CUDA 13; nothing of CUDA is needed to build it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

enum CUresult {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_NO_DEVICE = 100,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_IMAGE = 200,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
    CUDA_ERROR_INVALID_HANDLE = 400,
    CUDA_ERROR_NOT_FOUND = 500,
    CUDA_ERROR_LAUNCH_FAILED = 719,
    CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
    CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
    CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903,
    CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908,
};

using CUdevice = int;
using CUdeviceptr = unsigned long long;
using CUcontext = struct Context*;
using CUstream = struct Stream*;
using CUmodule = struct Module*;
using CUfunction = const struct Function*;

struct Context {
    int device;
    int users;
};

// What a stream was asked for, done when the work is run.
using Work = std::vector<std::function<CUresult()>>;

struct Stream {
    CUcontext context;
    bool capturing = false;
    bool spoiled = false;
    Work captured;
};

struct Graph {
    Work work;
};

struct Function {
    std::string name;
};

struct Module {
    std::map<std::string, Function> functions;
};

// The capability of all devices, and how many there are.
int standin_capability();
int standin_devices();

// Pieces of memory that were given out. Not for several threads at once.
class Memory {
public:
    // nullptr where the limit would be passed; the memory holds NaNs.
    void* take(size_t bytes);
    bool give_back(void* start);
    // Whether the range lies in one piece.
    bool holds(CUdeviceptr start, size_t bytes) const;

    static constexpr size_t LIMIT = size_t(1) << 30;

private:
    std::map<CUdeviceptr, size_t> pieces;
    size_t taken = 0;
};

struct Driver {
    std::mutex mutex;
    bool initialised = false;
    Context contexts[16] = {};
    Memory device, host;
    std::set<CUstream> streams;
    std::set<CUmodule> modules;
    std::set<Graph*> graphs, executables;
};

extern Driver driver;
extern thread_local CUcontext current;

// Does it now, or keeps it where the stream captures; the stream's own failure where there is none.
CUresult ask(CUstream stream, std::function<CUresult()> work);

// Refuses what must not be done while this thread captures a stream, and spoils the capture.
CUresult outside_of_captures();

// CUDA_SUCCESS where the driver was started and this thread has a context that somebody holds.
CUresult ready();

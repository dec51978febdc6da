// Captures of streams and graphs of the driver's interface. STANDIN_CAPTURE=refused spoils every capture; with
// STANDIN_TELL=1 the process says at its end how many graphs it made, launched and left behind.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "driver.h"

static thread_local CUstream captured_here = nullptr;

namespace {

struct Tally {
    int made = 0, launched = 0, failed = 0;

    ~Tally() {
        if (getenv("STANDIN_TELL") != nullptr) {
            printf("graphs made %d launched %d left %zu, captures that failed %d\n", made, launched,
                driver.graphs.size() + driver.executables.size(), failed);
        }
    }
};

// After the driver's, so that it ends before.
Tally tally;

bool are_refused() {
    const char* value = getenv("STANDIN_CAPTURE");
    return value != nullptr && strcmp(value, "refused") == 0;
}

bool erase(std::set<Graph*>& graphs, Graph* graph) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (graphs.erase(graph) == 0) {
        return false;
    }
    delete graph;
    return true;
}

}  // namespace

CUresult ask(CUstream stream, std::function<CUresult()> work) {
    {
        std::lock_guard<std::mutex> guard(driver.mutex);
        if (driver.streams.count(stream) == 0) {
            return CUDA_ERROR_INVALID_HANDLE;
        }
        if (stream->capturing) {
            if (captured_here != stream) {
                return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
            }
            stream->captured.push_back(std::move(work));
            return CUDA_SUCCESS;
        }
    }
    return work();
}

CUresult outside_of_captures() {
    if (captured_here == nullptr) {
        return ready();
    }
    captured_here->spoiled = true;
    return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

extern "C" {

// For the other stand-ins: 0, or the failure.
int standin_ask(void* stream, std::function<int()>* work) {
    return ask(static_cast<CUstream>(stream), [own = *work] { return static_cast<CUresult>(own()); });
}

CUresult cuStreamBeginCapture_v2(CUstream stream, int mode) {
    constexpr int THREAD_LOCAL = 1;
    CUresult result = outside_of_captures();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.streams.count(stream) == 0) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    if (mode != THREAD_LOCAL || stream->capturing) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    stream->capturing = true;
    stream->spoiled = are_refused();
    captured_here = stream;
    return CUDA_SUCCESS;
}

CUresult cuStreamEndCapture(CUstream stream, Graph** graph) {
    std::lock_guard<std::mutex> guard(driver.mutex);
    *graph = nullptr;
    if (driver.streams.count(stream) == 0 || !stream->capturing) {
        return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
    }
    if (captured_here != stream) {
        return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
    }
    captured_here = nullptr;
    stream->capturing = false;
    Work work = std::move(stream->captured);
    stream->captured.clear();
    if (stream->spoiled) {
        tally.failed++;
        return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    }
    *graph = new Graph{std::move(work)};
    driver.graphs.insert(*graph);
    return CUDA_SUCCESS;
}

CUresult cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long flags) {
    CUresult result = outside_of_captures();
    if (result != CUDA_SUCCESS) {
        return result;
    }
    std::lock_guard<std::mutex> guard(driver.mutex);
    if (driver.graphs.count(graph) == 0 || flags != 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    *executable = new Graph{graph->work};
    driver.executables.insert(*executable);
    tally.made++;
    return CUDA_SUCCESS;
}

CUresult cuGraphLaunch(Graph* executable, CUstream stream) {
    Work work;
    {
        std::lock_guard<std::mutex> guard(driver.mutex);
        if (driver.executables.count(executable) == 0 || driver.streams.count(stream) == 0 || stream->capturing) {
            return CUDA_ERROR_INVALID_VALUE;
        }
        work = executable->work;
        tally.launched++;
    }
    for (const auto& part : work) {
        CUresult result = part();
        if (result != CUDA_SUCCESS) {
            return result;
        }
    }
    return ready();
}

CUresult cuGraphDestroy(Graph* graph) {
    return erase(driver.graphs, graph) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

CUresult cuGraphExecDestroy(Graph* executable) {
    return erase(driver.executables, executable) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

}  // extern "C"

// The one translation unit that the kernels are compiled in, as NVRTC does. build.sh writes the two .inc files: the
// sources in the order of kernels.list, and KERNEL(name, launch bound) for each.
#include "language.h"

#include "kernel_sources.inc"

// The sources must not see what follows, nor the standard library's names more than need be.
#include "kernel_table.h"

extern "C" __attribute__((weak)) char __start_shared_memory;
extern "C" __attribute__((weak)) char __stop_shared_memory;

namespace emulator {

#define KERNEL(name, bound) {#name, kernel(name, bound)},
const std::map<std::string, Kernel> KERNELS = {
#include "kernel_names.inc"
};

char* shared_memory_begin() {
    return &__start_shared_memory;
}

char* shared_memory_end() {
    return &__stop_shared_memory;
}

}  // namespace emulator

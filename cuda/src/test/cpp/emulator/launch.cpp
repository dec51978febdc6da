// What a test calls: launches, and what there is to launch.
#include <atomic>
#include <cstring>
#include <iterator>
#include <mutex>

#include "kernel_table.h"

namespace emulator {

enum Result { FINISHED = 0, UNKNOWN_KERNEL = 1, WRONG_SLOTS = 2, WRONG_SIZE = 3, MISUSED = 4 };

constexpr unsigned MOST_BLOCKS_Y_Z = 65535;

// Threads read global variables, as they do on a card, so launches take turns.
static std::mutex one_launch;
static std::atomic<int> order_kind{0};
static thread_local std::string message;

static int refuse(Result result, const std::string& why) {
    message = why;
    return result;
}

static bool fits(Dimension grid, Dimension block, const Kernel& kernel) {
    bool some = grid.x > 0 && grid.y > 0 && grid.z > 0 && block.volume() > 0;
    return some && grid.x <= INT32_MAX && grid.y <= MOST_BLOCKS_Y_Z && grid.z <= MOST_BLOCKS_Y_Z
        && block.volume() <= kernel.most_threads;
}

static Dimension dimension(const int* sizes) {
    return {static_cast<unsigned>(sizes[0]), static_cast<unsigned>(sizes[1]), static_cast<unsigned>(sizes[2])};
}

static void run_grid(Dimension grid, Dimension block_size, const Call& call) {
    Order order(order_kind);
    Block block(block_size, order);
    place.grid_size = grid;
    place.block_size = block_size;
    for (unsigned i : order.of(grid.volume())) {
        place.block = {i % grid.x, i / grid.x % grid.y, i / grid.x / grid.y};
        // All bits set is a NaN: what is read before it is written shows.
        memset(shared_memory_begin(), 0xff, shared_memory_end() - shared_memory_begin());
        block.run(call);
    }
}

}  // namespace emulator

using namespace emulator;

extern "C" {

int emulator_launch(const char* name, const int* grid, const int* block, const long long* slots, int slot_count) {
    auto found = KERNELS.find(name);
    if (found == KERNELS.end()) {
        return refuse(UNKNOWN_KERNEL, std::string("there is no kernel ") + name);
    }
    const Kernel& kernel = found->second;
    if (slot_count != static_cast<int>(kernel.signature.size())) {
        return refuse(WRONG_SLOTS, std::string(name) + " takes " + std::to_string(kernel.signature.size()) + " arguments");
    }
    if (!fits(dimension(grid), dimension(block), kernel)) {
        return refuse(WRONG_SIZE, std::string("grid or block is empty or too large for ") + name);
    }
    std::lock_guard<std::mutex> guard(one_launch);
    try {
        run_grid(dimension(grid), dimension(block), *kernel.bind(slots));
        return FINISHED;
    } catch (const Misuse& misuse) {
        return refuse(MISUSED, std::string(name) + ": " + misuse.what());
    }
}

// Why the last launch of this thread did not finish.
const char* emulator_message() {
    return message.c_str();
}

// Threads and blocks take their turns as numbered (0), backwards (1) or shuffled by a seed (2 and above).
void emulator_order(int kind) {
    order_kind = kind;
}

int emulator_kernel_count() {
    return static_cast<int>(KERNELS.size());
}

const char* emulator_kernel_name(int index) {
    return std::next(KERNELS.begin(), index)->first.c_str();
}

// One letter a parameter (p pointer, l long long, i int, f float), or null where there is no such kernel.
const char* emulator_signature(const char* name) {
    auto found = KERNELS.find(name);
    return found == KERNELS.end() ? nullptr : found->second.signature.c_str();
}

}  // extern "C"

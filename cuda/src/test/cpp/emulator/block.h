// Runs the threads of one block as fibers, one at a time, from barrier to barrier.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "fiber.h"

namespace emulator {

constexpr int WARP = 32;

struct Dimension {
    unsigned x, y, z;

    unsigned volume() const {
        return x * y * z;
    }
};

// What the code of a kernel runs on: the words threadIdx and so on read it.
struct Place {
    Dimension thread, block, block_size, grid_size;
};
extern Place place;

// A kernel that does what no card would do alike: the message says which line.
struct Misuse : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A call of a kernel with its arguments.
struct Call {
    virtual void run() const = 0;
    virtual ~Call() = default;
};

// The order in which threads of a block, and blocks of a grid, take their turns.
class Order {
public:
    // 0: as numbered; 1: backwards; others: shuffled by that seed.
    explicit Order(int kind) : kind(kind) {}

    std::vector<unsigned> of(unsigned count) const;

private:
    int kind;
};

enum class State { NEW, READY, AT_WARP_BARRIER, AT_BLOCK_BARRIER, DONE };

// One thread of the block. What it shares with its warp alternates between two slots, so that the next exchange does not
// overwrite what a slower lane has still to read.
struct Thread {
    Context context;
    std::unique_ptr<Stack> stack;
    State state;
    const char* file;
    int line;
    int turn;
    alignas(8) char slots[2][24];
};

class Block {
public:
    Block(Dimension size, const Order& order);

    // Runs the call for every thread. Throws Misuse.
    void run(const Call& call);

    // Called by fibers.
    void wait(State barrier, const char* file, int line);
    void fail(const std::string& message);
    // Shows bytes to the other lanes and waits until all of the warp have; they stay until the next exchange but one.
    int share(const void* bytes, size_t size, const char* file, int line);
    // What a lane of this warp showed in that turn.
    const void* shared_by(unsigned lane, int turn) const;
    unsigned lane() const;

private:
    void run_warp(unsigned warp);
    bool leave_warp_barrier(unsigned warp);
    bool leave_block_barrier();
    void resume(unsigned thread);
    static void begin();

    Dimension size;
    unsigned count;
    std::vector<unsigned> warp_order;
    std::vector<unsigned> lane_order;
    std::vector<Thread> threads;
    Context scheduler;
    const Call* call = nullptr;
    unsigned current = 0;
    std::string failure;
};

// The block that runs; one at a time in the process.
extern Block* running;

}  // namespace emulator

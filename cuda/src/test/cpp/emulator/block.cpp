#include "block.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace emulator {

Place place;
Block* running = nullptr;

// Kept between blocks and launches, since the system is slow to make them.
static std::vector<std::unique_ptr<Stack>> free_stacks;

std::vector<unsigned> Order::of(unsigned count) const {
    std::vector<unsigned> order(count);
    for (unsigned i = 0; i < count; i++) {
        order[i] = kind == 1 ? count - 1 - i : i;
    }
    if (kind > 1) {
        std::mt19937 random(kind);
        for (unsigned i = count; i > 1; i--) {
            std::swap(order[i - 1], order[random() % i]);
        }
    }
    return order;
}

Block::Block(Dimension size, const Order& order)
    : size(size),
      count(size.volume()),
      warp_order(order.of((count + WARP - 1) / WARP)),
      lane_order(order.of(WARP)),
      threads(count) {}

void Block::run(const Call& kernel_call) {
    call = &kernel_call;
    running = this;
    for (Thread& thread : threads) {
        thread.state = State::NEW;
        thread.turn = 0;
    }
    do {
        for (unsigned warp : warp_order) {
            run_warp(warp);
        }
    } while (leave_block_barrier());
}

void Block::run_warp(unsigned warp) {
    do {
        for (unsigned lane : lane_order) {
            unsigned thread = warp * WARP + lane;
            if (thread < count && (threads[thread].state == State::NEW || threads[thread].state == State::READY)) {
                resume(thread);
            }
        }
    } while (leave_warp_barrier(warp));
}

static std::string where(const Thread& thread) {
    return thread.state == State::DONE ? "at its end" : std::string(thread.file) + ":" + std::to_string(thread.line);
}

static bool together(const Thread& one, const Thread& other) {
    return one.state == other.state
        && (one.state == State::DONE || (one.line == other.line && strcmp(one.file, other.file) == 0));
}

bool Block::leave_warp_barrier(unsigned warp) {
    unsigned from = warp * WARP;
    unsigned to = std::min(from + WARP, count);
    auto waits = [](const Thread& thread) { return thread.state == State::AT_WARP_BARRIER; };
    if (std::none_of(threads.begin() + from, threads.begin() + to, waits)) {
        return false;
    }
    if (to - from < WARP) {
        throw Misuse("a warp of " + std::to_string(to - from) + " threads waits for 32 at " + where(threads[from]));
    }
    for (unsigned i = from + 1; i < to; i++) {
        if (!together(threads[from], threads[i])) {
            throw Misuse("a warp waits at " + where(threads[from]) + " and at " + where(threads[i]));
        }
    }
    for (unsigned i = from; i < to; i++) {
        threads[i].state = State::READY;
    }
    return true;
}

bool Block::leave_block_barrier() {
    for (unsigned i = 1; i < count; i++) {
        if (!together(threads[0], threads[i])) {
            throw Misuse("a block waits at " + where(threads[0]) + " and at " + where(threads[i]));
        }
    }
    if (threads[0].state == State::DONE) {
        return false;
    }
    for (Thread& thread : threads) {
        thread.state = State::READY;
    }
    return true;
}

void Block::resume(unsigned index) {
    Thread& thread = threads[index];
    current = index;
    place.thread = {index % size.x, index / size.x % size.y, index / size.x / size.y};
    if (thread.state == State::NEW) {
        if (free_stacks.empty()) {
            free_stacks.push_back(std::make_unique<Stack>());
        }
        thread.stack = std::move(free_stacks.back());
        free_stacks.pop_back();
        thread.stack->prepare(thread.context, &Block::begin);
        thread.state = State::READY;
    }
    switch_context(scheduler, thread.context);
    if (!failure.empty()) {
        throw Misuse(failure);
    }
    if (thread.state == State::DONE) {
        free_stacks.push_back(std::move(thread.stack));
    }
}

void Block::begin() {
    arrive(running->scheduler);
    running->call->run();
    Thread& thread = running->threads[running->current];
    thread.state = State::DONE;
    switch_context(thread.context, running->scheduler);
}

void Block::wait(State barrier, const char* file, int line) {
    Thread& thread = threads[current];
    thread.state = barrier;
    thread.file = file;
    thread.line = line;
    switch_context(thread.context, scheduler);
}

int Block::share(const void* bytes, size_t size, const char* file, int line) {
    Thread& thread = threads[current];
    int turn = thread.turn;
    memcpy(thread.slots[turn], bytes, size);
    thread.turn = 1 - turn;
    wait(State::AT_WARP_BARRIER, file, line);
    return turn;
}

const void* Block::shared_by(unsigned lane, int turn) const {
    return threads[current / WARP * WARP + lane].slots[turn];
}

unsigned Block::lane() const {
    return current % WARP;
}

void Block::fail(const std::string& message) {
    failure = message;
    switch_context(threads[current].context, scheduler);
}

}  // namespace emulator

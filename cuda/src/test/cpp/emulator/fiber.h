// A stack of its own for every thread of a block: switching costs a few nanoseconds on x86-64, and a system call elsewhere.
#pragma once

#include <cstddef>

#if !defined(__x86_64__)
#define EMULATOR_UCONTEXT 1
#include <ucontext.h>
#endif

namespace emulator {

using Entry = void (*)();

// Where a thread of execution stopped.
struct Context {
#ifdef EMULATOR_UCONTEXT
    ucontext_t registers;
#else
    void* stack_pointer;
#endif
    // What the address sanitizer has to know about its stack.
    const void* bottom = nullptr;
    size_t size = 0;
    void* fake_stack = nullptr;
};

// Memory for one stack; a read or write below its end ends the process.
class Stack {
public:
    Stack();
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    // A context that begins with `entry`, which must never return.
    void prepare(Context& context, Entry entry);

    static constexpr size_t SIZE = 128 * 1024;
    static constexpr size_t GUARD = 4096;

private:
    char* memory;
};

// The first that an entry calls; `from` is where it was switched to from.
void arrive(Context& from);

// Stops here, to go on when somebody switches to `from`, and goes on with `to`.
void switch_context(Context& from, Context& to);

}  // namespace emulator

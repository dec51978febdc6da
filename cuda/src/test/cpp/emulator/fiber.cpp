#include "fiber.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace emulator {

Stack::Stack() {
    void* mapped = mmap(nullptr, SIZE + GUARD, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) {
        throw std::bad_alloc();
    }
    mprotect(mapped, GUARD, PROT_NONE);
    memory = static_cast<char*>(mapped);
}

Stack::~Stack() {
    munmap(memory, SIZE + GUARD);
}

#ifdef EMULATOR_UCONTEXT

static void start(Context& context, char* stack, Entry entry) {
    getcontext(&context.registers);
    context.registers.uc_stack.ss_sp = stack;
    context.registers.uc_stack.ss_size = Stack::SIZE;
    context.registers.uc_link = nullptr;
    makecontext(&context.registers, entry, 0);
}

static void jump(Context& from, Context& to) {
    swapcontext(&from.registers, &to.registers);
}

#else

// The System V calling convention: a call keeps rbx, rbp and r12 to r15.
extern "C" void emulator_switch(void** from, void* to);
asm(R"(
.text
.globl emulator_switch
.hidden emulator_switch
.type emulator_switch, @function
emulator_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emulator_switch, .-emulator_switch
)");

static void start(Context& context, char* stack, Entry entry) {
    void** place = reinterpret_cast<void**>(stack + Stack::SIZE);
    *--place = nullptr;  // where `entry` would return to; it also leaves the stack as a call would
    *--place = reinterpret_cast<void*>(entry);
    place -= 6;
    memset(place, 0, 6 * sizeof(void*));
    context.stack_pointer = place;
}

static void jump(Context& from, Context& to) {
    emulator_switch(&from.stack_pointer, to.stack_pointer);
}

#endif

void Stack::prepare(Context& context, Entry entry) {
    context.bottom = memory + GUARD;
    context.size = SIZE;
#ifdef __SANITIZE_ADDRESS__
    __asan_unpoison_memory_region(memory + GUARD, SIZE);
#endif
    start(context, memory + GUARD, entry);
}

void arrive([[maybe_unused]] Context& from) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(nullptr, &from.bottom, &from.size);
#endif
}

void switch_context(Context& from, Context& to) {
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&from.fake_stack, to.bottom, to.size);
#endif
    jump(from, to);
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(from.fake_stack, nullptr, nullptr);
#endif
}

}  // namespace emulator

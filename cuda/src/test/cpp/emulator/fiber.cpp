#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>

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

void Stack::prepare(Context& context, Entry entry) {
    getcontext(&context.registers);
    context.registers.uc_stack.ss_sp = memory + GUARD;
    context.registers.uc_stack.ss_size = SIZE;
    context.registers.uc_link = nullptr;
    makecontext(&context.registers, entry, 0);
}

void switch_context(Context& from, Context& to) {
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

void Stack::prepare(Context& context, Entry entry) {
    auto top = reinterpret_cast<uintptr_t>(memory + GUARD + SIZE);
    void** place = reinterpret_cast<void**>(top);
    *--place = nullptr;  // where `entry` would return to; it also leaves the stack as a call would
    *--place = reinterpret_cast<void*>(entry);
    place -= 6;
    memset(place, 0, 6 * sizeof(void*));
    context.stack_pointer = place;
}

void switch_context(Context& from, Context& to) {
    emulator_switch(&from.stack_pointer, to.stack_pointer);
}

#endif

}  // namespace emulator

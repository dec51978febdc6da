// Kernels by name, with their arguments unpacked from slots of eight bytes.
#pragma once

#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "block.h"

namespace emulator {

template <class T>
constexpr char letter() {
    static_assert(
        std::is_pointer_v<T> || std::is_same_v<T, long long> || std::is_same_v<T, int> || std::is_same_v<T, float>,
        "kernels take pointers, long long, int and float");
    return std::is_pointer_v<T> ? 'p' : std::is_same_v<T, long long> ? 'l' : std::is_same_v<T, int> ? 'i' : 'f';
}

// The value in the lower bytes of a slot.
template <class T>
T argument(const long long& slot) {
    T value;
    memcpy(&value, &slot, sizeof value);
    return value;
}

template <class... A>
class BoundCall : public Call {
public:
    BoundCall(void (*kernel)(A...), std::tuple<A...> arguments) : kernel(kernel), arguments(arguments) {}

    void run() const override {
        std::apply(kernel, arguments);
    }

private:
    void (*kernel)(A...);
    std::tuple<A...> arguments;
};

struct Kernel {
    // One letter a parameter: p pointer, l long long, i int, f float.
    std::string signature;
    // Threads of the largest block: its launch bound.
    unsigned most_threads;
    std::function<std::unique_ptr<Call>(const long long*)> bind;
};

template <class... A, size_t... I>
std::unique_ptr<Call> bind_call(void (*kernel)(A...), const long long* slots, std::index_sequence<I...>) {
    return std::make_unique<BoundCall<A...>>(kernel, std::tuple<A...>(argument<A>(slots[I])...));
}

template <class... A>
Kernel kernel(void (*function)(A...), unsigned most_threads) {
    return {{letter<A>()...}, most_threads, [function](const long long* slots) {
                return bind_call(function, slots, std::index_sequence_for<A...>());
            }};
}

// Filled by the one file that the kernels are compiled in.
extern const std::map<std::string, Kernel> KERNELS;

// The static shared memory of all kernels.
char* shared_memory_begin();
char* shared_memory_end();

}  // namespace emulator

// One launch of a kernel on memory of exactly the size it may touch, for builds with sanitizers.
#pragma once

#include <memory>
#include <string>
#include <vector>

// What a launch must leave alone, what it must write without reading, and what it reads and writes.
enum class Use { READ, WRITTEN, CHANGED };

// How matrices lie: rows side by side from an aligned address on, or with gaps from an unaligned one.
enum class Layout { DENSE, STRIDED };

// Numbers of four or eight bytes in memory of their own, whose ends the address sanitizer guards.
class Buffer {
public:
    Buffer(std::vector<char> initial, Use use);

    void reset();

    char* data() const {
        return memory.get();
    }

    std::vector<char> bytes() const;

    const Use use;

private:
    std::vector<char> initial;
    std::unique_ptr<char[]> memory;
};

// What a launch is given and how it lies; built up argument by argument.
class Case {
public:
    Case(std::string kernel, Layout layout) : kernel(std::move(kernel)), layout(layout) {}

    Case& grid(int x, int y = 1, int z = 1);
    Case& block(int x, int y = 1);

    // Arguments, in the kernel's order.
    Case& number(int value);
    Case& count(long long value);
    Case& real(float value);
    // A matrix and its stride, with normal values; those that are only written start as NaN.
    Case& matrix(int rows, int columns, Use use = Use::READ);
    Case& vector(int size, Use use = Use::READ);
    // A vector of zeros that changes.
    Case& zeros(int size);
    // A matrix that lies where the last one does.
    Case& same_matrix();
    Case& numbers(const std::vector<int>& values);
    Case& reals(const std::vector<float>& values);
    Case& doubles(int size);
    Case& shorts(int rows, int columns);
    Case& nothing();
    // A matrix without its stride, which is stride(columns).
    Case& entries(int rows, int columns, Use use = Use::READ);
    int stride(int columns) const;

    // Launches in several orders of threads and blocks; throws std::runtime_error where the kernel fails, bits differ, a
    // written number is NaN or something else was changed.
    void run();

    const std::string kernel;

private:
    Case& floats(int offset, int rows, int columns, int stride, Use use);
    Case& pointer(std::vector<char> initial, Use use, int offset);
    void launch(int order);
    void verify(const std::vector<std::vector<char>>& first, int order) const;
    std::vector<std::vector<char>> contents() const;

    // Where the numbers of a matrix lie, to tell them from the gaps.
    struct Region {
        size_t buffer;
        int offset, rows, columns, stride;
    };

    void verify_region(const Region& region) const;

    Layout layout;
    int grid_size[3] = {1, 1, 1};
    int block_size[3] = {256, 1, 1};
    std::vector<long long> slots;
    std::vector<std::unique_ptr<Buffer>> buffers;
    std::vector<Region> regions;
};

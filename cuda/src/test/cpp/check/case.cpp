#include "case.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <stdexcept>

extern "C" int emulator_launch(const char*, const int*, const int*, const long long*, int);
extern "C" const char* emulator_message();
extern "C" void emulator_order(int);

constexpr float GAP = 777.0f;
constexpr int STRIDED_OFFSET = 1;
constexpr int STRIDED_GAP = 3;

Buffer::Buffer(std::vector<char> initial, Use use) : use(use), initial(std::move(initial)) {
    memory.reset(new char[this->initial.size()]);
    reset();
}

void Buffer::reset() {
    memcpy(memory.get(), initial.data(), initial.size());
}

std::vector<char> Buffer::bytes() const {
    return {memory.get(), memory.get() + initial.size()};
}

template <class T>
static std::vector<char> bytes_of(const std::vector<T>& values) {
    std::vector<char> bytes(values.size() * sizeof(T));
    memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

Case& Case::grid(int x, int y, int z) {
    grid_size[0] = x;
    grid_size[1] = y;
    grid_size[2] = z;
    return *this;
}

Case& Case::block(int x, int y) {
    block_size[0] = x;
    block_size[1] = y;
    return *this;
}

Case& Case::number(int value) {
    slots.push_back(value);
    return *this;
}

Case& Case::count(long long value) {
    slots.push_back(value);
    return *this;
}

Case& Case::real(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    slots.push_back(bits);
    return *this;
}

Case& Case::pointer(std::vector<char> initial, Use use, int offset) {
    buffers.push_back(std::make_unique<Buffer>(std::move(initial), use));
    slots.push_back(reinterpret_cast<long long>(buffers.back()->data() + offset));
    return *this;
}

// Without its last 12 bits, so that its lower half is no NaN either: expand_halves makes numbers of both.
static float short_of(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= ~0xfffu;
    memcpy(&value, &bits, sizeof bits);
    return value;
}

Case& Case::floats(int offset, int rows, int columns, int stride, Use use) {
    std::mt19937 random(buffers.size() + 1);
    std::normal_distribution<float> normal;
    std::vector<float> values(rows == 0 ? offset : offset + (rows - 1) * stride + columns, GAP);
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            bool written = use == Use::WRITTEN;
            values[offset + r * stride + c] = written ? std::numeric_limits<float>::quiet_NaN() : short_of(normal(random));
        }
    }
    regions.push_back({buffers.size(), offset, rows, columns, stride});
    return pointer(bytes_of(values), use, offset * static_cast<int>(sizeof(float)));
}

int Case::stride(int columns) const {
    return layout == Layout::STRIDED ? columns + STRIDED_GAP : columns;
}

Case& Case::entries(int rows, int columns, Use use) {
    return floats(layout == Layout::STRIDED ? STRIDED_OFFSET : 0, rows, columns, stride(columns), use);
}

Case& Case::matrix(int rows, int columns, Use use) {
    return entries(rows, columns, use).number(stride(columns));
}

Case& Case::same_matrix() {
    slots.push_back(slots[slots.size() - 2]);
    slots.push_back(slots[slots.size() - 2]);
    return *this;
}

Case& Case::vector(int size, Use use) {
    return floats(layout == Layout::STRIDED ? STRIDED_OFFSET : 0, 1, size, size, use);
}

Case& Case::zeros(int size) {
    return pointer(bytes_of(std::vector<float>(size)), Use::CHANGED, 0);
}

Case& Case::numbers(const std::vector<int>& values) {
    return pointer(bytes_of(values), Use::READ, 0);
}

Case& Case::reals(const std::vector<float>& values) {
    return pointer(bytes_of(values), Use::READ, 0);
}

Case& Case::doubles(int size) {
    return pointer(bytes_of(std::vector<double>(size)), Use::CHANGED, 0);
}

Case& Case::shorts(int rows, int columns) {
    return pointer(bytes_of(std::vector<unsigned short>(rows * columns)), Use::CHANGED, 0).number(columns);
}

Case& Case::nothing() {
    slots.push_back(0);
    return *this;
}

void Case::launch(int order) {
    for (auto& buffer : buffers) {
        buffer->reset();
    }
    emulator_order(order);
    int result = emulator_launch(kernel.c_str(), grid_size, block_size, slots.data(), static_cast<int>(slots.size()));
    if (result != 0) {
        throw std::runtime_error(kernel + ": result " + std::to_string(result) + ", " + emulator_message());
    }
}

std::vector<std::vector<char>> Case::contents() const {
    std::vector<std::vector<char>> all;
    for (auto& buffer : buffers) {
        all.push_back(buffer->bytes());
    }
    return all;
}

void Case::run() {
    std::vector<std::vector<char>> before = contents();
    launch(0);
    std::vector<std::vector<char>> first = contents();
    for (size_t i = 0; i < buffers.size(); i++) {
        if (buffers[i]->use == Use::READ && first[i] != before[i]) {
            throw std::runtime_error(kernel + ": changed what it only reads, buffer " + std::to_string(i));
        }
    }
    for (const Region& region : regions) {
        verify_region(region);
    }
    for (int order : {1, 2}) {
        launch(order);
        verify(first, order);
    }
}

void Case::verify(const std::vector<std::vector<char>>& first, int order) const {
    std::vector<std::vector<char>> now = contents();
    for (size_t i = 0; i < now.size(); i++) {
        if (now[i] != first[i]) {
            throw std::runtime_error(
                kernel + ": order " + std::to_string(order) + " gives other bits in buffer " + std::to_string(i));
        }
    }
}

void Case::verify_region(const Region& region) const {
    const float* values = reinterpret_cast<const float*>(buffers[region.buffer]->data());
    int size = static_cast<int>(buffers[region.buffer]->bytes().size() / sizeof(float));
    for (int i = 0; i < size; i++) {
        int place = i - region.offset;
        bool inside = place >= 0 && place % region.stride < region.columns;
        if (inside ? std::isnan(values[i]) : values[i] != GAP) {
            throw std::runtime_error(
                kernel + ": float " + std::to_string(i) + " of buffer " + std::to_string(region.buffer)
                + (inside ? " is NaN" : " lies in a gap and was changed"));
        }
    }
}

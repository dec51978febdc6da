#include "cases.h"

constexpr int TILE = 64;

static int tiles(int count) {
    return (count + TILE - 1) / TILE;
}

static void products(Layout layout, int rows, int columns, const Run& run) {
    std::vector<int> bounds = {0, 1, 1, 40, 45};
    run(Case("squared_products", layout)
            .grid(tiles(columns), tiles(rows))
            .block(16, 16)
            .number(static_cast<int>(bounds.size()) - 1)
            .numbers(bounds)
            .number(rows)
            .number(columns)
            .matrix(bounds.back(), rows)
            .matrix(bounds.back(), columns)
            .matrix(rows, columns, Use::CHANGED));
    std::vector<int> indices;
    for (int i = 0; i < rows * columns; i += 5) {
        indices.push_back(i);
    }
    int count = static_cast<int>(indices.size());
    for (int n : {1, 64, 150}) {
        run(Case("sampled_product", layout)
                .grid((count + 7) / 8)
                .number(count)
                .numbers(indices)
                .number(columns)
                .number(n)
                .matrix(rows, n)
                .matrix(columns, n)
                .vector(count, Use::CHANGED));
    }
    run(Case("transpose", layout)
            .grid((columns + 31) / 32, (rows + 31) / 32)
            .block(32, 8)
            .number(rows)
            .number(columns)
            .matrix(rows, columns)
            .matrix(columns, rows, Use::WRITTEN));
}

static void vectors(Layout layout, int size, const Run& run) {
    Case adam("adam_step", layout);
    adam.grid((size + 1023) / 1024).number(size).vector(size, Use::CHANGED).vector(size).vector(size, Use::CHANGED);
    adam.zeros(size);  // a second moment is never negative
    run(adam.reals({0.99f, 0.9f, 0.999f, 0.1f, 0.001f, 1e-3f, 0.03f, 1e-8f}));
    run(Case("sgd_step", layout)
            .grid((size + 1023) / 1024)
            .number(size)
            .vector(size, Use::CHANGED)
            .vector(size)
            .real(0.99f)
            .real(0.1f));
    int chunk = 300;
    int chunks = (size + chunk - 1) / chunk;
    run(Case("sum_of_squares", layout).grid(chunks).count(size).vector(size).number(chunk).doubles(chunks));
}

void product_cases(Layout layout, int rows, int columns, const Run& run) {
    products(layout, rows, columns, run);
    vectors(layout, rows * columns, run);
}

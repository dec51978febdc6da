#include "cases.h"

static Case start(const char* kernel, Layout layout, int rows, int columns) {
    Case launch(kernel, layout);
    launch.grid((rows * columns + 1023) / 1024).number(rows).number(columns);
    return launch;
}

static void rows_by_index(Layout layout, int rows, int columns, const Run& run) {
    std::vector<int> ids, columns_by_id, group_ids, group_starts, order;
    for (int r = 0; r < rows; r++) {
        ids.push_back(rows - 1 - r);
        group_ids.push_back(r);
        group_starts.push_back(r * 2);
        order.push_back(r);
        order.push_back(rows - 1 - r);
    }
    group_starts.push_back(rows * 2);
    for (int c = 0; c < columns; c++) {
        columns_by_id.push_back((c * 5 + 1) % columns);
    }
    for (int add = 0; add < 2; add++) {
        run(start("gather_rows", layout, rows, columns)
                .matrix(rows, columns)
                .numbers(ids)
                .matrix(rows, columns, add ? Use::CHANGED : Use::WRITTEN)
                .number(add));
    }
    run(start("gather_columns", layout, rows, columns)
            .matrix(rows, columns)
            .numbers(columns_by_id)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("add_squared_rows", layout, rows, columns)
            .matrix(rows, columns)
            .numbers(ids)
            .matrix(rows, columns, Use::CHANGED));
    run(start("scatter_add_rows", layout, rows, columns)
            .matrix(rows, columns)
            .numbers(group_ids)
            .numbers(group_starts)
            .numbers(order)
            .matrix(rows, columns, Use::CHANGED));
    if (columns % 4 == 0) {
        for (int inverse = 0; inverse < 2; inverse++) {
            run(start("rope", layout, rows, columns)
                    .matrix(rows, columns, Use::CHANGED)
                    .numbers(ids)
                    .vector(rows * columns / 2)
                    .number(columns / 2)
                    .number(inverse));
        }
    }
}

static void entries_by_index(Layout layout, int rows, int columns, const Run& run) {
    std::vector<int> indices, later, places;
    for (int i = 0; i < rows * columns; i += 3) {
        places.push_back(static_cast<int>(indices.size()));
        indices.push_back(i);
        later.push_back(i + 100);
    }
    int count = static_cast<int>(indices.size());
    auto begin = [&](const char* kernel) {
        Case launch(kernel, layout);
        launch.grid((count + 1023) / 1024).number(count);
        return launch;
    };
    int stride = Case("", layout).stride(columns);
    for (int add = 0; add < 2; add++) {
        run(begin("gather_entries")
                .numbers(indices)
                .entries(rows, columns)
                .number(columns)
                .number(stride)
                .vector(count, add ? Use::CHANGED : Use::WRITTEN)
                .number(add));
    }
    run(begin("gather_block_entries")
            .numbers(later)
            .number(100)
            .entries(rows, columns)
            .number(stride)
            .number(columns)
            .vector(count, Use::CHANGED));
    run(begin("scatter_entries")
            .numbers(indices)
            .vector(count)
            .entries(rows, columns, Use::CHANGED)
            .number(columns)
            .number(stride));
    run(begin("add_row_entries")
            .numbers(places)
            .numbers(indices)
            .entries(rows, columns)
            .number(columns)
            .number(stride)
            .vector(count, Use::CHANGED));
}

void index_cases(Layout layout, int rows, int columns, const Run& run) {
    rows_by_index(layout, rows, columns, run);
    entries_by_index(layout, rows, columns, run);
}

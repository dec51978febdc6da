#include "cases.h"

static Case start(const char* kernel, Layout layout, int rows, int columns) {
    Case launch(kernel, layout);
    launch.grid(rows).block(64).number(rows).number(columns);
    return launch;
}

static void norms(Layout layout, int rows, int columns, const Run& run) {
    run(start("layer_norm", layout, rows, columns)
            .matrix(rows, columns)
            .vector(columns)
            .vector(columns)
            .real(1e-3f)
            .matrix(rows, 2, Use::WRITTEN)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("rms_norm", layout, rows, columns)
            .matrix(rows, columns)
            .vector(columns)
            .real(1e-3f)
            .matrix(rows, 1, Use::WRITTEN)
            .matrix(rows, columns, Use::WRITTEN));
    for (int centred = 0; centred < 2; centred++) {
        run(start(centred ? "layer_norm_backward" : "rms_norm_backward", layout, rows, columns)
                .matrix(rows, columns)
                .vector(columns)
                .matrix(rows, 1 + centred)
                .matrix(rows, columns)
                .matrix(rows, columns, Use::WRITTEN));
    }
}

static void losses(Layout layout, int rows, int columns, const Run& run) {
    std::vector<int> labels;
    for (int r = 0; r < rows; r++) {
        labels.push_back(r % 3 == 2 ? -1 : r % columns);
    }
    run(start("softmax", layout, rows, columns).matrix(rows, columns).matrix(rows, columns, Use::WRITTEN));
    run(start("cross_entropy", layout, rows, columns)
            .matrix(rows, columns)
            .numbers(labels)
            .vector(rows)
            .vector(rows, Use::WRITTEN)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("cross_entropy_loss", layout, rows, columns)
            .matrix(rows, columns)
            .numbers(labels)
            .vector(rows, Use::WRITTEN));
}

static void column_sums(Layout layout, int rows, int columns, const Run& run) {
    int chunk = 3;
    int chunks = (rows + chunk - 1) / chunk;
    auto begin = [&](const char* kernel) {
        Case launch(kernel, layout);
        launch.grid((columns + 31) / 32, chunks).block(32, 8).number(rows).number(columns);
        return launch;
    };
    for (const char* kernel : {"sum_rows", "sum_row_squares"}) {
        run(begin(kernel).matrix(rows, columns).number(chunk).matrix(chunks, columns, Use::WRITTEN).number(0));
        run(begin(kernel).matrix(rows, columns).number(chunk).matrix(chunks, columns, Use::CHANGED).number(1));
    }
    for (int centred = 0; centred < 2; centred++) {
        run(begin("norm_weight_gradient")
                .number(centred)
                .matrix(rows, columns)
                .matrix(rows, 1 + centred)
                .matrix(rows, columns)
                .number(chunk)
                .matrix(chunks, columns, Use::WRITTEN)
                .number(0));
    }
}

void row_cases(Layout layout, int rows, int columns, const Run& run) {
    norms(layout, rows, columns, run);
    losses(layout, rows, columns, run);
    column_sums(layout, rows, columns, run);
}

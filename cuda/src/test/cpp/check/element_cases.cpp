#include "cases.h"

static int blocks(int rows, int columns) {
    return (rows * columns + 1023) / 1024;
}

static Case start(const char* kernel, Layout layout, int rows, int columns) {
    Case launch(kernel, layout);
    launch.grid(blocks(rows, columns)).number(rows).number(columns);
    return launch;
}

static std::vector<int> seeds(int rows) {
    std::vector<int> seeds;
    for (int r = 0; r < rows; r++) {
        seeds.push_back(r * 7919 + 13);
    }
    return seeds;
}

static void copies(Layout layout, int rows, int columns, const Run& run) {
    run(start("fill", layout, rows, columns).matrix(rows, columns, Use::WRITTEN).real(2));
    run(start("copy", layout, rows, columns).matrix(rows, columns).matrix(rows, columns, Use::WRITTEN));
    run(start("fill_rows", layout, rows, columns).vector(columns).matrix(rows, columns, Use::WRITTEN));
    run(start("add_bias", layout, rows, columns)
            .vector(columns)
            .matrix(rows, columns)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("add_bias", layout, rows, columns).vector(columns).matrix(rows, columns, Use::CHANGED).same_matrix());
    run(start("expand_halves", layout, rows, columns)
            .matrix(rows, (columns + 1) / 2)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("round_to_bfloat16", layout, rows, columns).matrix(rows, columns).shorts(rows, columns));
}

static void sums(Layout layout, int rows, int columns, const Run& run) {
    run(start("scale", layout, rows, columns).reals({-0.7f}).matrix(rows, columns, Use::CHANGED));
    run(start("add", layout, rows, columns).real(0.3f).matrix(rows, columns).matrix(rows, columns, Use::CHANGED));
    run(start("multiply", layout, rows, columns).matrix(rows, columns).matrix(rows, columns, Use::CHANGED));
    run(start("add_squares", layout, rows, columns).matrix(rows, columns).matrix(rows, columns, Use::CHANGED));
    run(start("dropout", layout, rows, columns)
            .matrix(rows, columns, Use::CHANGED)
            .numbers(seeds(rows))
            .real(0.4f)
            .real(1.6f));
}

static void activations(Layout layout, int rows, int columns, const Run& run) {
    for (int kind = 0; kind < 5; kind++) {
        auto begin = [&](const char* kernel) {
            Case launch = start(kernel, layout, rows, columns);
            launch.number(kind);
            return launch;
        };
        run(begin("activate").matrix(rows, columns).matrix(rows, columns, Use::WRITTEN));
        run(begin("activate_for_training").matrix(rows, columns, Use::CHANGED).matrix(rows, columns, Use::WRITTEN));
        run(begin("activate_backward")
                .matrix(rows, columns)
                .matrix(rows, columns)
                .matrix(rows, columns, Use::WRITTEN));
        run(begin("activate_backward").matrix(rows, columns).matrix(rows, columns, Use::CHANGED).same_matrix());
    }
    run(start("gated_silu", layout, rows, columns)
            .matrix(rows, columns)
            .matrix(rows, columns)
            .matrix(rows, columns, Use::WRITTEN));
    run(start("gated_silu_backward", layout, rows, columns)
            .matrix(rows, columns)
            .matrix(rows, columns)
            .matrix(rows, columns, Use::CHANGED)
            .same_matrix()
            .matrix(rows, columns, Use::WRITTEN));
}

void element_cases(Layout layout, int rows, int columns, const Run& run) {
    copies(layout, rows, columns, run);
    sums(layout, rows, columns, run);
    activations(layout, rows, columns, run);
}

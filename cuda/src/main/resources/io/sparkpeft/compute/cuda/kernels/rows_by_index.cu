// Rows and columns by index, and rotary embedding. Geometry: entries.cuh. Where ids repeat, their rows are added in order.

// output[r] = table[ids[r]], or output[r] + table[ids[r]].
extern "C" __global__ void __launch_bounds__(256) gather_rows(
    int rows,
    int columns,
    const float* table,
    int table_stride,
    const int* ids,
    float* output,
    int output_stride,
    int add) {
    Source from = {table, table_stride};
    Target to = {output, output_stride};
    // The table has as many rows as it likes: its stride counts.
    bool quads = by_quads(2, columns, from, to);
    for_entries(rows, columns, quads, [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> pack = load<n>(from.at(ids[row], column));
        if (add) {
            Pack<n> before = load<n>(to.at(row, column));
            for (int i = 0; i < n; i++) {
                pack.at[i] += before.at[i];
            }
        }
        store(to.at(row, column), pack);
    });
}

// output[r][c] = source[r][ids[c]]
extern "C" __global__ void __launch_bounds__(256) gather_columns(
    int rows, int columns, const float* source, int source_stride, const int* ids, float* output, int output_stride) {
    Source from = {source, source_stride};
    Target to = {output, output_stride};
    for_packs<1>(
        rows, columns, [=](auto, int row, int column) { *to.at(row, column) = *from.at(row, ids[column]); });
}

// target[ids[r]] += source[r]², the ids being distinct.
extern "C" __global__ void __launch_bounds__(256) add_squared_rows(
    int rows, int columns, const float* source, int source_stride, const int* ids, float* target, int target_stride) {
    Source from = {source, source_stride};
    Target to = {target, target_stride};
    for_entries(rows, columns, by_quads(2, columns, from, to), [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> pack = load<n>(from.at(row, column));
        Pack<n> sum = load<n>(to.at(ids[row], column));
        for (int i = 0; i < n; i++) {
            sum.at[i] = fmaf(pack.at[i], pack.at[i], sum.at[i]);
        }
        store(to.at(ids[row], column), sum);
    });
}

// table[group_ids[g]] += source[order[i]] for i from group_starts[g] to group_starts[g + 1], one after the other: rows of
// the same id make a group, in their order.
extern "C" __global__ void __launch_bounds__(256) scatter_add_rows(
    int groups,
    int columns,
    const float* source,
    int source_stride,
    const int* group_ids,
    const int* group_starts,
    const int* order,
    float* table,
    int table_stride) {
    Source from = {source, source_stride};
    Target to = {table, table_stride};
    for_entries(groups, columns, by_quads(2, columns, from, to), [=](auto width, int group, int column) {
        constexpr int n = decltype(width)::value;
        float* place = to.at(group_ids[group], column);
        Pack<n> sum = load<n>(place);
        int end = group_starts[group + 1];
#pragma unroll 4
        for (int r = group_starts[group]; r < end; r++) {
            Pack<n> pack = load<n>(from.at(order[r], column));
            for (int i = 0; i < n; i++) {
                sum.at[i] += pack.at[i];
            }
        }
        store(place, sum);
    });
}

// Rotary position embedding (Su et al. 2021, arXiv 2104.09864) in place: entries i and i + head_size/2 of every head turn
// by the angle of their row's position. A row of the table: head_size/2 cosines, then as many sines.
extern "C" __global__ void __launch_bounds__(256) rope(
    int rows,
    int columns,
    float* target,
    int target_stride,
    const int* positions,
    const float* table,
    int head_size,
    int inverse) {
    Target to = {target, target_stride};
    int half = head_size / 2;
    for_packs<1>(rows, columns / 2, [=](auto, int row, int pair) {
        int i = pair % half;
        const float* turns = table + (long long)positions[row] * head_size;
        float cosine = turns[i];
        float sine = inverse ? -turns[half + i] : turns[half + i];
        float* x = to.at(row, pair / half * head_size + i);
        float first = x[0];
        float second = x[half];
        x[0] = first * cosine - second * sine;
        x[half] = second * cosine + first * sine;
    });
}

// softmax(Q·Kᵀ/√headSize)·V (Vaswani et al. 2017): scores, softmax (attention_softmax.cu), values. Tiles of tile.cuh in a
// grid of (most tiles of a sequence, heads, sequences); blocks beyond their sequence's tiles end at once. Entries that a
// query does not see are neither read nor written here; the softmax makes them 0. Kernels of tiles are told whether the
// factors of their products are `rounded`.

// Rows of the output's tile against rows of `keys`, both of head_size columns.
__device__ inline void multiply_heads(
    Buffers& buffers,
    const Scene& scene,
    const TilePlace& place,
    int head_size,
    bool rounded,
    Source queries,
    Source keys,
    OwnSums& sums) {
    Extent extent = place.extent;
    Source left = {queries.at(scene.first_query + place.row, scene.head * head_size), queries.stride};
    Source right = {keys.at(scene.first_key + place.column, scene.key_head * head_size), keys.stride};
    bool left_quads = by_quads(2, head_size, left);
    bool right_quads = by_quads(2, head_size, right);
    multiply_tile<AlongDepth, AlongDepth>(
        buffers,
        extent,
        rounded,
        sums,
        slices_of(head_size),
        [&](int slice) {
            int first = slice * DEPTH;
            return Piece{left.at(0, first), left.stride, extent.rows, steps_from(first, head_size), left_quads};
        },
        [](int, int, int) { return 1.0f; },
        [&](int slice) {
            int first = slice * DEPTH;
            return Piece{right.at(0, first), right.stride, extent.columns, steps_from(first, head_size), right_quads};
        });
}

// Whether the tile of scores has an entry that a query sees: the last query of the tile sees most.
__device__ inline bool is_seen(const Scene& scene, const TilePlace& place) {
    return place.extent.rows > 0 && place.extent.columns > 0
        && scene.visible(place.row + place.extent.rows - 1) > place.column;
}

// probabilities = scale·query·keyᵀ
extern "C" __global__ void __launch_bounds__(256, 3) attention_scores(
    int heads,
    int key_value_heads,
    int head_size,
    int causal,
    int rounded,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* query,
    int query_stride,
    const float* key,
    int key_stride,
    float scale,
    float* probabilities,
    int probabilities_stride) {
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, scene.keys);
    if (!is_seen(scene, place)) {
        return;
    }
    OwnSums sums = {};
    multiply_heads(buffers, scene, place, head_size, rounded, {query, query_stride}, {key, key_stride}, sums);
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        int i = place.row + row;
        int j = place.column + column;
        if (j < scene.visible(i)) {
            probabilities[scene.entry(i, j, probabilities_stride)] = scale * sum;
        }
    });
}

// Rows of a tile of scores against rows of `keys`: sums over the keys that the tile's last query sees. Fours of scores may
// reach to keys that none of the tile's queries sees, whose scores are 0. factor(query, key)
template <class Factor>
__device__ void multiply_scores(
    Buffers& buffers,
    const Scene& scene,
    const TilePlace& place,
    int head_size,
    bool rounded,
    Source scores,
    Source keys,
    Factor factor,
    OwnSums& sums) {
    Extent extent = place.extent;
    int depth = scene.visible(place.row + extent.rows - 1);
    Source left = {scores.data + scene.entry(place.row, 0, scores.stride), scene.keys};
    Source right = {keys.at(scene.first_key, scene.key_head * head_size + place.column), keys.stride};
    bool left_quads = by_quads(2, scene.keys, left);
    bool right_quads = by_quads(2, head_size, right);
    multiply_tile<AlongDepth, AcrossDepth>(
        buffers,
        extent,
        rounded,
        sums,
        slices_of(depth),
        [&](int slice) {
            int first = slice * DEPTH;
            return Piece{left.at(0, first), left.stride, extent.rows, steps_from(first, depth), left_quads};
        },
        [&](int slice, int row, int column) { return factor(place.row + row, slice * DEPTH + column); },
        [&](int slice) {
            int first = slice * DEPTH;
            return Piece{right.at(first, 0), right.stride, steps_from(first, depth), extent.columns, right_quads};
        });
}

// output = (probabilities ∘ dropout)·value
extern "C" __global__ void __launch_bounds__(256, 3) attention_values(
    int heads,
    int key_value_heads,
    int head_size,
    int causal,
    int rounded,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* probabilities,
    int probabilities_stride,
    const float* value,
    int value_stride,
    const unsigned* seeds,
    float probability,
    float scale,
    float* output,
    int output_stride) {
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, head_size);
    if (place.extent.rows <= 0) {
        return;
    }
    Dropout dropout = {seeds, probability, scale};
    auto factor = [&](int i, int j) { return dropout.factor(scene.first_query + i, (scene.head << 16) + j); };
    OwnSums sums = {};
    multiply_scores(
        buffers,
        scene,
        place,
        head_size,
        rounded,
        {probabilities, probabilities_stride},
        {value, value_stride},
        factor,
        sums);
    Target to = {output, output_stride};
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        *to.at(scene.first_query + place.row + row, scene.head * head_size + place.column + column) = sum;
    });
}

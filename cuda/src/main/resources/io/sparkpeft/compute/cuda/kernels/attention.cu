// softmax(Q·Kᵀ/√headSize)·V (Vaswani et al. 2017): scores, softmax (attention_softmax.cu), values. Tiles of tile.cuh in a
// grid of (most tiles of a sequence, heads, sequences); blocks beyond their sequence's tiles end at once. Entries that a
// query does not see are neither read nor written here; the softmax makes them 0. Kernels of tiles are told whether the
// factors of their products are `rounded`.

// Rows of the output's tile against rows of `keys`, both of head_size columns.
__device__ inline void multiply_heads(
    Slices& slices,
    const Scene& scene,
    const TilePlace& place,
    int head_size,
    bool rounded,
    Source queries,
    Source keys,
    OwnSums& sums) {
    Extent extent = {place.extent.rows, place.extent.columns, head_size};
    const float* left = queries.at(scene.first_query + place.row, scene.head * head_size);
    const float* right = keys.at(scene.first_key + place.column, scene.key_head * head_size);
    multiply_tile(
        slices,
        extent,
        rounded,
        sums,
        [&](auto slice, int first, int depth) {
            fill_along_depth(slice, extent.rows, depth, [&](int i, int k) {
                return left[(long long)i * queries.stride + first + k];
            });
        },
        [&](auto slice, int first, int depth) {
            fill_along_depth(slice, extent.columns, depth, [&](int i, int k) {
                return right[(long long)i * keys.stride + first + k];
            });
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
    static __shared__ Slices slices;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, scene.keys);
    if (!is_seen(scene, place)) {
        return;
    }
    OwnSums sums = {};
    multiply_heads(slices, scene, place, head_size, rounded, {query, query_stride}, {key, key_stride}, sums);
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        int i = place.row + row;
        int j = place.column + column;
        if (j < scene.visible(i)) {
            probabilities[scene.entry(i, j, probabilities_stride)] = scale * sum;
        }
    });
}

// Rows of a tile of scores against rows of `keys`: sums over the keys that the tile's last query sees.
template <class Factor>
__device__ void multiply_scores(
    Slices& slices,
    const Scene& scene,
    const TilePlace& place,
    int head_size,
    bool rounded,
    Source scores,
    Source keys,
    Factor factor,
    OwnSums& sums) {
    Extent extent = place.extent;
    extent.depth = scene.visible(place.row + extent.rows - 1);
    const float* left = scores.data + scene.entry(place.row, 0, scores.stride);
    const float* right = keys.at(scene.first_key, scene.key_head * head_size + place.column);
    multiply_tile(
        slices,
        extent,
        rounded,
        sums,
        [&](auto slice, int first, int depth) {
            fill_along_depth(slice, extent.rows, depth, [&](int i, int k) {
                return left[(long long)i * scene.keys + first + k] * factor(place.row + i, first + k);
            });
        },
        [&](auto slice, int first, int depth) {
            fill_across_depth(slice, extent.columns, depth, [&](int i, int k) {
                return right[(long long)(first + k) * keys.stride + i];
            });
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
    static __shared__ Slices slices;
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
        slices,
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

// Gradients of attention by its inputs, as products of tiles like the forward pass (attention.cu): by the probabilities, then,
// after their softmax's gradient (attention_softmax.cu), by query, key and value. The gradients of keys and values sum over
// the heads that share them and over queries, in ascending order, inside one block.

// gradients = (output_gradient·valueᵀ) ∘ dropout
extern "C" __global__ void __launch_bounds__(256, 3) attention_probability_gradients(
    int heads,
    int key_value_heads,
    int head_size,
    int causal,
    int rounded,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* output_gradient,
    int output_gradient_stride,
    const float* value,
    int value_stride,
    const unsigned* seeds,
    float probability,
    float scale,
    float* gradients,
    int gradients_stride) {
    static __shared__ Slices slices;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, scene.keys);
    if (!is_seen(scene, place)) {
        return;
    }
    Dropout dropout = {seeds, probability, scale};
    OwnSums sums = {};
    multiply_heads(
        slices, scene, place, head_size, rounded, {output_gradient, output_gradient_stride}, {value, value_stride}, sums);
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        int i = place.row + row;
        int j = place.column + column;
        if (j < scene.visible(i)) {
            float factor = dropout.factor(scene.first_query + i, (scene.head << 16) + j);
            gradients[scene.entry(i, j, gradients_stride)] = factor * sum;
        }
    });
}

// query_gradient = gradients·key
extern "C" __global__ void __launch_bounds__(256, 3) attention_query_gradients(
    int heads,
    int key_value_heads,
    int head_size,
    int causal,
    int rounded,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* gradients,
    int gradients_stride,
    const float* key,
    int key_stride,
    float* query_gradient,
    int query_gradient_stride) {
    static __shared__ Slices slices;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, head_size);
    if (place.extent.rows <= 0) {
        return;
    }
    OwnSums sums = {};
    auto factor = [](int, int) { return 1.0f; };
    multiply_scores(
        slices, scene, place, head_size, rounded, {gradients, gradients_stride}, {key, key_stride}, factor, sums);
    Target to = {query_gradient, query_gradient_stride};
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        *to.at(scene.first_query + place.row + row, scene.head * head_size + place.column + column) = sum;
    });
}

// target = Σ over the heads of a key head of (scores ∘ factor)ᵀ·queries; target has the shape of the keys. Queries that see
// no key of the tile are passed over. factor(scene, query, key)
template <class Factor>
__device__ void sum_over_queries(
    Slices& slices,
    const Packing& packing,
    bool rounded,
    Source scores,
    Source queries,
    Target target,
    Factor factor) {
    int key_head = blockIdx.y;
    int sharing = packing.heads / packing.key_value_heads;
    int head_size = packing.head_size;
    Scene scene = scene_of(packing, blockIdx.z, key_head * sharing);
    TilePlace place = tile_place(scene.keys, head_size);
    if (place.extent.rows <= 0) {
        return;
    }
    int seeing = scene.first_seeing(place.row);
    Extent extent = {place.extent.rows, place.extent.columns, scene.queries - seeing};
    OwnSums sums = {};
    for (int shared = 0; shared < sharing; shared++) {
        scene.head = key_head * sharing + shared;
        const float* left = scores.data + scene.entry(seeing, place.row, scores.stride);
        const float* right = queries.at(scene.first_query + seeing, scene.head * head_size + place.column);
        multiply_tile(
            slices,
            extent,
            rounded,
            sums,
            [&](auto slice, int first, int depth) {
                fill_across_depth(slice, extent.rows, depth, [&](int i, int k) {
                    float score = left[(long long)(first + k) * scene.keys + i];
                    return score * factor(scene, seeing + first + k, place.row + i);
                });
            },
            [&](auto slice, int first, int depth) {
                fill_across_depth(slice, extent.columns, depth, [&](int i, int k) {
                    return right[(long long)(first + k) * queries.stride + i];
                });
            });
    }
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        *target.at(scene.first_key + place.row + row, key_head * head_size + place.column + column) = sum;
    });
}

// key_gradient = Σ gradientsᵀ·query
extern "C" __global__ void __launch_bounds__(256, 3) attention_key_gradients(
    int heads,
    int key_value_heads,
    int head_size,
    int causal,
    int rounded,
    const int* key_offsets,
    const int* query_offsets,
    const int* starts,
    const int* positions,
    const float* gradients,
    int gradients_stride,
    const float* query,
    int query_stride,
    float* key_gradient,
    int key_gradient_stride) {
    static __shared__ Slices slices;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    auto factor = [](const Scene&, int, int) { return 1.0f; };
    Target to = {key_gradient, key_gradient_stride};
    sum_over_queries(slices, packing, rounded, {gradients, gradients_stride}, {query, query_stride}, to, factor);
}

// value_gradient = Σ (probabilities ∘ dropout)ᵀ·output_gradient
extern "C" __global__ void __launch_bounds__(256, 3) attention_value_gradients(
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
    const float* output_gradient,
    int output_gradient_stride,
    const unsigned* seeds,
    float probability,
    float scale,
    float* value_gradient,
    int value_gradient_stride) {
    static __shared__ Slices slices;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Dropout dropout = {seeds, probability, scale};
    auto factor = [&](const Scene& scene, int i, int j) {
        return dropout.factor(scene.first_query + i, (scene.head << 16) + j);
    };
    Source gradients = {output_gradient, output_gradient_stride};
    Target to = {value_gradient, value_gradient_stride};
    sum_over_queries(slices, packing, rounded, {probabilities, probabilities_stride}, gradients, to, factor);
}

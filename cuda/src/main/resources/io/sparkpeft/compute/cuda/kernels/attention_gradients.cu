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
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, scene.keys);
    if (!is_seen(scene, place)) {
        return;
    }
    Dropout dropout = {seeds, probability, scale};
    OwnSums sums = {};
    multiply_heads(
        buffers, scene, place, head_size, rounded, {output_gradient, output_gradient_stride}, {value, value_stride}, sums);
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
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Scene scene = scene_of(packing, blockIdx.z, blockIdx.y);
    TilePlace place = tile_place(scene.queries, head_size);
    if (place.extent.rows <= 0) {
        return;
    }
    OwnSums sums = {};
    auto factor = [](int, int) { return 1.0f; };
    multiply_scores(
        buffers, scene, place, head_size, rounded, {gradients, gradients_stride}, {key, key_stride}, factor, sums);
    Target to = {query_gradient, query_gradient_stride};
    for_own_entries(sums, place.extent, [&](int row, int column, float sum) {
        *to.at(scene.first_query + place.row + row, scene.head * head_size + place.column + column) = sum;
    });
}

// target = Σ over the heads of a key head of (scores ∘ factor)ᵀ·queries; target has the shape of the keys. Queries that see
// no key of the tile are passed over. factor(scene, query, key)
template <class Factor>
__device__ void sum_over_queries(
    Buffers& buffers,
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
    Extent extent = place.extent;
    int depth = scene.queries - seeing;
    // Slices of one head after another.
    int slices = slices_of(depth);
    OwnSums sums = {};
    multiply_tile<AcrossDepth, AcrossDepth>(
        buffers,
        extent,
        rounded,
        sums,
        sharing * slices,
        [&](int slice) {
            scene.head = key_head * sharing + slice / slices;
            int first = slice % slices * DEPTH;
            Source left = {scores.data + scene.entry(seeing + first, place.row, scores.stride), scene.keys};
            bool quads = by_quads(2, scene.keys, left);
            return Piece{left.data, left.stride, steps_from(first, depth), extent.rows, quads};
        },
        [&](int slice, int row, int column) {
            scene.head = key_head * sharing + slice / slices;
            return factor(scene, seeing + slice % slices * DEPTH + row, place.row + column);
        },
        [&](int slice) {
            int head = key_head * sharing + slice / slices;
            int first = slice % slices * DEPTH;
            const float* data = queries.at(scene.first_query + seeing + first, head * head_size + place.column);
            bool quads = by_quads(2, head_size, Source{data, queries.stride});
            return Piece{data, queries.stride, steps_from(first, depth), extent.columns, quads};
        });
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
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    auto factor = [](const Scene&, int, int) { return 1.0f; };
    Target to = {key_gradient, key_gradient_stride};
    sum_over_queries(buffers, packing, rounded, {gradients, gradients_stride}, {query, query_stride}, to, factor);
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
    static __shared__ Buffers buffers;
    Packing packing = {heads, key_value_heads, head_size, causal, key_offsets, query_offsets, starts, positions};
    Dropout dropout = {seeds, probability, scale};
    auto factor = [&](const Scene& scene, int i, int j) {
        return dropout.factor(scene.first_query + i, (scene.head << 16) + j);
    };
    Source gradients = {output_gradient, output_gradient_stride};
    Target to = {value_gradient, value_gradient_stride};
    sum_over_queries(buffers, packing, rounded, {probabilities, probabilities_stride}, gradients, to, factor);
}

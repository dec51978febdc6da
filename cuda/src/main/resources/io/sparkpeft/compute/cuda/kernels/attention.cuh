// Attention over packed, unpadded sequences (io.sparkpeft.compute.argument.AttentionSpec): which part of which sequence a block has.

// The sequences of a batch, as every attention kernel is told them.
struct Packing {
    int heads, key_value_heads, head_size, causal;
    // First key row, first query row, and first probability in a head's row, of every sequence.
    const int* key_offsets;
    const int* query_offsets;
    const int* starts;
    // Position of every query row in its sequence, ascending.
    const int* positions;
};

// One sequence in a head.
struct Scene {
    int head, key_head;
    int first_query, queries;
    int first_key, keys;
    int start;
    // Positions of the queries, or nullptr where every query sees every key.
    const int* positions;

    // Keys that a query sees. No kernel writes positions, so that a thread which writes need not load them again.
    __device__ int visible(int query) const {
        return positions == nullptr ? keys : __ldg(positions + query) + 1;
    }

    // First query that sees a key from `key` on.
    __device__ int first_seeing(int key) const {
        if (positions == nullptr) {
            return 0;
        }
        int low = 0;
        int high = queries;
        while (low < high) {
            int middle = (low + high) / 2;
            if (positions[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    // Entry (query, key) of a matrix laid out as the probabilities.
    __device__ long long entry(int query, int key, int stride) const {
        return (long long)head * stride + start + (long long)query * keys + key;
    }
};

__device__ inline Scene scene_of(const Packing& packing, int sequence, int head) {
    int first_query = packing.query_offsets[sequence];
    int first_key = packing.key_offsets[sequence];
    return {
        head,
        head * packing.key_value_heads / packing.heads,
        first_query,
        packing.query_offsets[sequence + 1] - first_query,
        first_key,
        packing.key_offsets[sequence + 1] - first_key,
        packing.starts[sequence],
        packing.causal ? packing.positions + first_query : nullptr};
}

__device__ inline int tiles_of(int count) {
    return (count + TILE - 1) / TILE;
}

// Where the tile of number blockIdx.x begins in a grid of rows and columns, and how much of it there is; no rows where the
// sequence has no such tile.
struct TilePlace {
    int row, column;
    Extent extent;
};

__device__ inline TilePlace tile_place(int rows, int columns) {
    int across = max(1, tiles_of(columns));
    int row = blockIdx.x / across * TILE;
    int column = blockIdx.x % across * TILE;
    return {row, column, {min(TILE, rows - row), min(TILE, columns - column)}};
}

// Matrix products by tiles in shared memory: a block of 16 × 16 threads makes 64 × 64 entries of left·right, each thread
// 16 of them. Operands come in slices of 32 steps of the depth, which are added in order. How a slice is multiplied, and which
// entries a thread has, says tile_fragments.cuh or, for cards before compute capability 8.0, tile_registers.cuh.

constexpr int TILE = 64;
constexpr int DEPTH = 32;
constexpr int TILE_THREADS = 256;
constexpr int OWN = 4;
// Floats that lie between the rows of a slice, which start at multiples of 16 bytes: so many that the lanes of a fragment,
// four steps of eight entries, read 32 banks whichever of the two neighbours in a row are.
constexpr int GAP_OF_STEPS = 4;
constexpr int GAP_OF_ENTRIES = 8;
constexpr int SLICE_FLOATS = DEPTH * (TILE + GAP_OF_ENTRIES);
static_assert(TILE * (DEPTH + GAP_OF_STEPS) <= SLICE_FLOATS, "a slice has room both ways");

// 32 steps of both operands.
struct Slices {
    alignas(16) float left[SLICE_FLOATS];
    alignas(16) float right[SLICE_FLOATS];
};

// What part of a tile there is.
struct Extent {
    int rows, columns;
};

// The entries of this thread.
struct OwnSums {
    float at[OWN][OWN];
};

// What a slice is of an operand in memory: rows of neighbouring floats. The rest of the slice counts as 0.
struct Piece {
    const float* data;
    int stride;
    int rows, columns;
    // Whether four neighbours move as one; the last four may then reach beyond `columns`, to floats of the same row.
    bool quads;
};

__device__ inline int tile_thread() {
    return threadIdx.y * (TILE / OWN) + threadIdx.x;
}

// Fours of neighbours that a thread moves from a row of a piece to a slice.
constexpr int QUADS = TILE * DEPTH / 4 / TILE_THREADS;

struct Quads {
    Pack<4> at[QUADS];
};

// Operands of which neighbouring entries of the tile lie side by side in memory; they do so in the slice too.
struct AcrossDepth {
    // Where in their piece the thread's quads lie. A warp moves 128 bytes of each of four rows; the eight lanes that store
    // at once have one of them.
    __device__ static int row() {
        return tile_thread() / (TILE / 4 / QUADS);
    }

    __device__ static int column(int n) {
        return tile_thread() % (TILE / 4 / QUADS) * 4 + n * (TILE / QUADS);
    }

    // Steps of the depth in a piece.
    __device__ static int depth(const Piece& piece) {
        return piece.rows;
    }

    // Where in the slice an entry of the tile lies at a step of the depth.
    __device__ static int place(int entry, int step) {
        return step * (TILE + GAP_OF_ENTRIES) + entry;
    }

    __device__ static void put(float* slice, int row, int column, Pack<4> quad) {
        store(slice + place(column, row), quad);
    }
};

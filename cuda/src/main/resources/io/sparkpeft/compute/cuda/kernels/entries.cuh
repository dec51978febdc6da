// Walks all entries of matrices, in packs of four where it can. Blocks are one-dimensional; any grid is right, one thread
// for every four entries suits. Every entry belongs to one thread, so an output may be the very matrix of an input.

template <int N>
struct Width {
    static constexpr int value = N;
};

// body(Width<N>, row, column) for every pack of N.
template <int N, class Body>
__device__ void for_packs(int rows, int columns, Body body) {
    unsigned packs = columns / N;
    unsigned count = rows * packs;
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned row = rows == 1 ? 0 : i / packs;
        body(Width<N>(), (int)row, (int)(i - row * packs) * N);
    }
}

template <class Body>
__device__ void for_entries(int rows, int columns, bool quads, Body body) {
    if (quads) {
        for_packs<4>(rows, columns, body);
    } else {
        for_packs<1>(rows, columns, body);
    }
}

// target = function(source), entry by entry.
template <class Function>
__device__ void map(int rows, int columns, Source source, Target target, Function function) {
    for_entries(rows, columns, by_quads(rows, columns, source, target), [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> pack = load<n>(source.at(row, column));
        for (int i = 0; i < n; i++) {
            pack.at[i] = function(pack.at[i]);
        }
        store(target.at(row, column), pack);
    });
}

// target = function(left, right), entry by entry.
template <class Function>
__device__ void zip(int rows, int columns, Source left, Source right, Target target, Function function) {
    bool quads = by_quads(rows, columns, left, right, target);
    for_entries(rows, columns, quads, [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> one = load<n>(left.at(row, column));
        Pack<n> other = load<n>(right.at(row, column));
        for (int i = 0; i < n; i++) {
            one.at[i] = function(one.at[i], other.at[i]);
        }
        store(target.at(row, column), one);
    });
}

// The loop over slices, and what a thread does with its entries.

template <class Layout>
__device__ void read_quads(const Piece& piece, Quads& quads) {
    int row = Layout::row();
    const float* from = piece.data + (long long)row * piece.stride;
#pragma unroll
    for (int n = 0; n < QUADS; n++) {
        int column = Layout::column(n);
        quads.at[n] = {};
        if (row >= piece.rows || column >= piece.columns) {
            continue;
        }
        if (piece.quads) {
            quads.at[n] = load<4>(from + column);
        } else {
            for (int i = 0; i < 4; i++) {
                quads.at[n].at[i] = column + i < piece.columns ? from[column + i] : 0.0f;
            }
        }
    }
}

// Multiplies what was read of a piece by factor(row, column).
template <class Layout, class Factor>
__device__ void multiply_quads(const Piece& piece, Quads& quads, Factor factor) {
    int row = Layout::row();
#pragma unroll
    for (int n = 0; n < QUADS; n++) {
        for (int i = 0; i < 4; i++) {
            int column = Layout::column(n) + i;
            if (row < piece.rows && column < piece.columns) {
                quads.at[n].at[i] *= factor(row, column);
            }
        }
    }
}

template <class Layout>
__device__ void write_slice(const Quads& quads, bool rounded, float* slice) {
#pragma unroll
    for (int n = 0; n < QUADS; n++) {
        Pack<4> quad = quads.at[n];
        for (int i = 0; i < 4; i++) {
            quad.at[i] = as_factor(quad.at[i], rounded);
        }
        Layout::put(slice, Layout::row(), Layout::column(n), quad);
    }
}

using Buffers = Slices[BUFFERS];

// sums += left·right over so many slices, the factors `rounded` or not. left(slice) and right(slice) are their pieces, in the
// layouts Left and Right; floats of the left are multiplied by factor(slice, row, column). With AHEAD the next pieces are on
// their way while the present slices are multiplied, which takes 16 registers.
template <class Left, class Right, bool AHEAD = true, class LeftPiece, class Factor, class RightPiece>
__device__ void multiply_tile(
    Buffers& buffers,
    Extent extent,
    bool rounded,
    OwnSums& sums,
    int slices,
    LeftPiece left,
    Factor factor,
    RightPiece right) {
    Quads of_left, of_right;
    if (AHEAD && slices > 0) {
        read_quads<Left>(left(0), of_left);
        read_quads<Right>(right(0), of_right);
    }
    for (int s = 0; s < slices; s++) {
        Slices& pair = buffers[s % BUFFERS];
        if (!AHEAD) {
            read_quads<Left>(left(s), of_left);
            read_quads<Right>(right(s), of_right);
        }
        multiply_quads<Left>(left(s), of_left, [&](int row, int column) { return factor(s, row, column); });
        write_slice<Left>(of_left, rounded, pair.left);
        write_slice<Right>(of_right, rounded, pair.right);
        __syncthreads();
        if (AHEAD && s + 1 < slices) {
            read_quads<Left>(left(s + 1), of_left);
            read_quads<Right>(right(s + 1), of_right);
        }
        multiply_slices<Left, Right>(pair, extent, Left::depth(left(s)), rounded, sums);
        // With two pairs a thread writes to the one that all have left: they wrote to the other since.
        if (BUFFERS == 1) {
            __syncthreads();
        }
    }
}

__device__ inline int slices_of(int depth) {
    return (depth + DEPTH - 1) / DEPTH;
}

// Steps of a depth in the slice that begins at `first`.
__device__ inline int steps_from(int first, int depth) {
    return min(DEPTH, depth - first);
}

// body(row, column, sum) for the entries of this thread inside the extent.
template <class Body>
__device__ void for_own_entries(const OwnSums& sums, Extent extent, Body body) {
    for (int i = 0; i < OWN; i++) {
        for (int j = 0; j < OWN; j++) {
            int row = own_row(i, j);
            int column = own_column(i, j);
            if (row < extent.rows && column < extent.columns) {
                body(row, column, sums.at[i][j]);
            }
        }
    }
}

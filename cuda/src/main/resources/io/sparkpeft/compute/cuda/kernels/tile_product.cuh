// The loop over slices, and what a thread does with its entries.

// sums += left·right over the whole depth, the factors `rounded` or not. fill_left(slice, first, depth) and fill_right write
// the steps from `first` on.
template <class FillLeft, class FillRight>
__device__ void multiply_tile(
    Slices& slices, Extent extent, bool rounded, OwnSums& sums, FillLeft fill_left, FillRight fill_right) {
    for (int first = 0; first < extent.depth; first += DEPTH) {
        int depth = min(DEPTH, extent.depth - first);
        fill_left(slices.left, first, depth);
        fill_right(slices.right, first, depth);
        __syncthreads();
        multiply_slices(slices, {extent.rows, extent.columns, depth}, rounded, sums);
        __syncthreads();
    }
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

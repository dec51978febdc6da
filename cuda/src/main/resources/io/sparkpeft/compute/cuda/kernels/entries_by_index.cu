// Chosen entries of a matrix: the k values of a mask. Any grid is right. Indices are row-major and distinct, so every place
// that is written belongs to one thread.

template <class Body>
__device__ void for_indices(int count, Body body) {
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (unsigned)count; i += gridDim.x * blockDim.x) {
        body((int)i);
    }
}

// Where an entry lies; a dense matrix needs no division.
__device__ inline long long place_of(int index, int columns, int stride) {
    return columns == stride ? index : (long long)(index / columns) * stride + index % columns;
}

// target[i] = the entry at indices[i], or target[i] + it.
extern "C" __global__ void __launch_bounds__(256) gather_entries(
    int count, const int* indices, const float* source, int columns, int stride, float* target, int add) {
    for_indices(count, [=](int i) {
        float value = source[place_of(indices[i], columns, stride)];
        target[i] = add ? target[i] + value : value;
    });
}

// target[i] += the entry at indices[i] − first_index: the source is a block of whole rows of the matrix.
extern "C" __global__ void __launch_bounds__(256) gather_block_entries(
    int count, const int* indices, int first_index, const float* source, int stride, int columns, float* target) {
    for_indices(count, [=](int i) { target[i] += source[place_of(indices[i] - first_index, columns, stride)]; });
}

// The entry at indices[i] = values[i]; every other entry keeps its bits.
extern "C" __global__ void __launch_bounds__(256) scatter_entries(
    int count, const int* indices, const float* values, float* target, int columns, int stride) {
    for_indices(count, [=](int i) { target[place_of(indices[i], columns, stride)] = values[i]; });
}

// target[places[i]] += the entry at origins[i].
extern "C" __global__ void __launch_bounds__(256) add_row_entries(
    int count, const int* places, const int* origins, const float* source, int columns, int stride, float* target) {
    for_indices(count, [=](int i) { target[places[i]] += source[place_of(origins[i], columns, stride)]; });
}

// Dropout by counter: the bits of io.sparkpeft.random.CounterRandom, whatever the grid.

// Uniform in [0, 1) with 24 random bits; the seed is made of the row's key and the site.
__device__ inline float uniform(unsigned seed, int column) {
    unsigned z = seed + (unsigned)column * 0x9E3779B9u;
    z = (z ^ (z >> 16)) * 0x85EBCA6Bu;
    z = (z ^ (z >> 13)) * 0xC2B2AE35u;
    z ^= z >> 16;
    return (z >> 8) * 0x1p-24f;
}

// Which entries survive, and what they are multiplied by. No seeds: all do, by 1.
struct Dropout {
    const unsigned* seeds;
    float probability;
    float scale;

    __device__ float factor(int row, int column) const {
        if (seeds == nullptr) {
            return 1.0f;
        }
        return uniform(__ldg(seeds + row), column) >= probability ? scale : 0.0f;
    }
};

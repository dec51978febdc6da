package io.sparkpeft.compute.cpu;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Memory;
import java.util.Optional;

/**
 * Cosines and sines of the angles position·theta^(−2i/headSize), made once in double precision.
 *
 * @param table row p: headSize/2 cosines, then as many sines, of position p
 */
record RopeTable(Optional<CpuTensor> table, int headSize, float theta) {
    private static final int FEWEST_POSITIONS = 128;

    static RopeTable empty() {
        return new RopeTable(Optional.empty(), 0, 0f);
    }

    static RopeTable make(int largestPosition, int headSize, float theta) {
        int positions = Math.max(FEWEST_POSITIONS, Integer.highestOneBit(largestPosition) * 2);
        int half = headSize / 2;
        Memory memory = new Memory(Math.multiplyExact(positions, headSize));
        CpuTensor table = new CpuTensor(memory, 0, positions, headSize, headSize);
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(theta, -2.0 * i / headSize);
            for (int p = 0; p < positions; p++) {
                table.set(p, i, (float) Math.cos(p * frequency));
                table.set(p, half + i, (float) Math.sin(p * frequency));
            }
        }
        return new RopeTable(Optional.of(table), headSize, theta);
    }

    boolean covers(int position, int wantedHeadSize, float wantedTheta) {
        return headSize == wantedHeadSize
                && theta == wantedTheta
                && table.filter(t -> position < t.rows()).isPresent();
    }

    CpuTensor values() {
        return table.orElseThrow();
    }

    void free() {
        table.ifPresent(t -> t.memory().free());
    }
}

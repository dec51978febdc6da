package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;

/** Softmax, dropout and their gradients over the scores of one head of one sequence, in plain loops. */
final class PlainAttention {
    private final ScoreBlock block;
    private final CpuTensor probabilities;
    private final CpuTensor dropped;

    PlainAttention(ScoreBlock block) {
        this.block = block;
        this.probabilities = tensor(block.probabilities());
        this.dropped = tensor(block.dropped());
    }

    private CpuTensor tensor(ScoreBlock.Part part) {
        return new CpuTensor(part.memory(), part.start(), block.rows(), block.length(), block.length());
    }

    void forward() {
        for (int i = 0; i < block.rows(); i++) {
            PlainSoftmax.softmaxRow(probabilities, i, block.visible(i), block.scale(), probabilities);
            clear(probabilities, i);
            drop(i);
        }
    }

    void backward() {
        CpuTensor gradients = tensor(block.gradients());
        for (int i = 0; i < block.rows(); i++) {
            drop(i);
            int n = block.visible(i);
            double dot = 0;
            for (int j = 0; j < n; j++) {
                dot += (double) dropped.value(i, j) * gradients.value(i, j);
            }
            for (int j = 0; j < n; j++) {
                double weighted = (double) dropped.value(i, j) * gradients.value(i, j);
                gradients.set(i, j, (float) ((weighted - probabilities.value(i, j) * dot) * block.scale()));
            }
            clear(gradients, i);
        }
    }

    private void drop(int i) {
        if (!block.dropout().isActive()) {
            return;
        }
        for (int j = 0; j < block.visible(i); j++) {
            float factor = block.dropout().factor(block.firstRow() + i, block.firstColumn() + j);
            dropped.set(i, j, probabilities.value(i, j) * factor);
        }
        clear(dropped, i);
    }

    private void clear(CpuTensor matrix, int i) {
        for (int j = block.visible(i); j < block.length(); j++) {
            matrix.set(i, j, 0f);
        }
    }
}

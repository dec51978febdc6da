package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.AttentionSpec;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;

/** Softmax, dropout and their gradients over the scores of one head of one sequence, in plain loops. */
final class PlainAttention {
    private PlainAttention() {}

    static void forward(ScoreBlock block, CpuTensor scores, CpuTensor dropped) {
        for (int i = 0; i < block.length(); i++) {
            PlainSoftmax.softmaxRow(scores, i, block.visible(i), block.scale(), scores);
            clear(block, scores, i);
            drop(block, scores, dropped, i);
        }
    }

    static void backward(ScoreBlock block, CpuTensor probabilities, CpuTensor gradients, CpuTensor dropped) {
        CpuTensor weights = block.dropout().isActive() ? dropped : probabilities;
        for (int i = 0; i < block.length(); i++) {
            drop(block, probabilities, dropped, i);
            int n = block.visible(i);
            double dot = 0;
            for (int j = 0; j < n; j++) {
                dot += (double) weights.value(i, j) * gradients.value(i, j);
            }
            for (int j = 0; j < n; j++) {
                double weighted = (double) weights.value(i, j) * gradients.value(i, j);
                gradients.set(i, j, (float) ((weighted - probabilities.value(i, j) * dot) * block.scale()));
            }
            clear(block, gradients, i);
        }
    }

    private static void drop(ScoreBlock block, CpuTensor probabilities, CpuTensor dropped, int i) {
        if (!block.dropout().isActive()) {
            return;
        }
        for (int j = 0; j < block.visible(i); j++) {
            int column = AttentionSpec.dropoutColumn(block.head(), j);
            float factor = block.dropout().factor(block.firstRow() + i, column);
            dropped.set(i, j, probabilities.value(i, j) * factor);
        }
        clear(block, dropped, i);
    }

    private static void clear(ScoreBlock block, CpuTensor matrix, int i) {
        for (int j = block.visible(i); j < block.length(); j++) {
            matrix.set(i, j, 0f);
        }
    }
}

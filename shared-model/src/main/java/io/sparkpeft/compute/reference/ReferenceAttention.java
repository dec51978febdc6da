package io.sparkpeft.compute.reference;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.argument.AttentionSpec;

/** Scaled dot-product attention (Vaswani et al. 2017) over packed sequences, one sequence and head after the other. */
final class ReferenceAttention {
    private final AttentionSpec spec;
    private final ReferenceTensor query;
    private final ReferenceTensor key;
    private final ReferenceTensor value;
    private final ReferenceTensor probabilities;
    private final double scale;

    ReferenceAttention(AttentionSpec spec, QueryKeyValue input, ReferenceTensor probabilities) {
        this.spec = spec;
        this.query = ReferenceTensor.of(input.query());
        this.key = ReferenceTensor.of(input.key());
        this.value = ReferenceTensor.of(input.value());
        this.probabilities = probabilities;
        this.scale = 1 / Math.sqrt(spec.headSize());
    }

    /** One head of one sequence: keys first to first + length, queries from row on, its probabilities from start on. */
    private record Block(
            int sequence,
            int head,
            int first,
            int length,
            int row,
            int rows,
            int start,
            int queryColumn,
            int keyColumn) {
        int entry(int i, int j) {
            return start + i * length + j;
        }
    }

    private interface BlockAction {
        void run(Block block);
    }

    void forward(ReferenceTensor output) {
        forEachBlock(block -> {
            for (int i = 0; i < block.rows(); i++) {
                softmaxRow(block, i);
                for (int d = 0; d < spec.headSize(); d++) {
                    double sum = 0;
                    for (int j = 0; j < block.length(); j++) {
                        sum += probability(block, i, j)
                                * factor(block, i, j)
                                * value.get(block.first() + j, block.keyColumn() + d);
                    }
                    output.set(block.row() + i, block.queryColumn() + d, sum);
                }
            }
        });
    }

    void backward(ReferenceTensor outputGradient, QueryKeyValue gradients) {
        ReferenceTensor queryGradient = zeroed(ReferenceTensor.of(gradients.query()));
        ReferenceTensor keyGradient = zeroed(ReferenceTensor.of(gradients.key()));
        ReferenceTensor valueGradient = zeroed(ReferenceTensor.of(gradients.value()));
        forEachBlock(block -> {
            double[] probabilityGradient = new double[block.length()];
            for (int i = 0; i < block.rows(); i++) {
                int row = block.row() + i;
                double dot = 0;
                for (int j = 0; j < block.length(); j++) {
                    double sum = 0;
                    double dropped = probability(block, i, j) * factor(block, i, j);
                    for (int d = 0; d < spec.headSize(); d++) {
                        double g = outputGradient.get(row, block.queryColumn() + d);
                        sum += g * value.get(block.first() + j, block.keyColumn() + d);
                        valueGradient.add(block.first() + j, block.keyColumn() + d, dropped * g);
                    }
                    probabilityGradient[j] = sum * factor(block, i, j);
                    dot += probabilityGradient[j] * probability(block, i, j);
                }
                for (int j = 0; j < block.length(); j++) {
                    double g = probability(block, i, j) * (probabilityGradient[j] - dot) * scale;
                    for (int d = 0; d < spec.headSize(); d++) {
                        int q = block.queryColumn() + d;
                        int k = block.keyColumn() + d;
                        queryGradient.add(row, q, g * key.get(block.first() + j, k));
                        keyGradient.add(block.first() + j, k, g * query.get(row, q));
                    }
                }
            }
        });
    }

    private void forEachBlock(BlockAction action) {
        for (int head = 0; head < spec.heads(); head++) {
            int keyHead = head * spec.keyValueHeads() / spec.heads();
            int start = 0;
            for (int s = 0; s < spec.sequences(); s++) {
                int first = spec.offsets()[s];
                int length = spec.offsets()[s + 1] - first;
                int row = spec.queries().offsets()[s];
                int rows = spec.queries(s);
                int queryColumn = head * spec.headSize();
                int keyColumn = keyHead * spec.headSize();
                action.run(new Block(s, head, first, length, row, rows, start, queryColumn, keyColumn));
                start += rows * length;
            }
        }
    }

    private void softmaxRow(Block block, int i) {
        int visible = spec.visible(block.sequence(), block.row() + i);
        double[] scores = new double[visible];
        for (int j = 0; j < visible; j++) {
            for (int d = 0; d < spec.headSize(); d++) {
                scores[j] += query.get(block.row() + i, block.queryColumn() + d)
                        * key.get(block.first() + j, block.keyColumn() + d)
                        * scale;
            }
        }
        ReferenceLoss.softmax(scores);
        for (int j = 0; j < block.length(); j++) {
            probabilities.set(block.head(), block.entry(i, j), j < visible ? scores[j] : 0);
        }
    }

    private double probability(Block block, int i, int j) {
        return probabilities.get(block.head(), block.entry(i, j));
    }

    private double factor(Block block, int i, int j) {
        return spec.dropout().isActive()
                ? spec.dropout().factor(block.row() + i, AttentionSpec.dropoutColumn(block.head(), j))
                : 1;
    }

    private static ReferenceTensor zeroed(ReferenceTensor tensor) {
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < tensor.columns(); c++) {
                tensor.set(r, c, 0);
            }
        }
        return tensor;
    }
}

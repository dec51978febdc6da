package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.AttentionSpec;
import io.sparkpeft.compute.QueryKeyValue;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attention over packed sequences, one head of one sequence after the other, in double precision. */
final class Nd4jAttention {
    private final AttentionSpec spec;
    private final Nd4jTensor probabilities;

    Nd4jAttention(AttentionSpec spec, Nd4jTensor probabilities) {
        this.spec = spec;
        this.probabilities = probabilities;
    }

    /** Views of one head of one sequence. */
    private record Head(
            int head, int first, int length, Nd4jTensor query, Nd4jTensor key, Nd4jTensor value, Nd4jTensor scores) {}

    private interface HeadAction {
        void run(Head head);
    }

    void forward(QueryKeyValue input, Nd4jTensor output) {
        forEachHead(input, head -> {
            INDArray scores = Nd4jLinear.product(
                            false, true, head.query().doubles(), head.key().doubles())
                    .dup('c')
                    .muli(1 / Math.sqrt(spec.headSize()));
            hideLater(scores, Double.NEGATIVE_INFINITY);
            INDArray weights = Nd4jLoss.softmax(scores);
            head.scores().assign(weights);
            weights.muli(factors(head));
            part(output, head, head.head()).assign(weights.mmul(head.value().doubles()));
        });
    }

    void backward(QueryKeyValue input, Nd4jTensor outputGradient, QueryKeyValue gradients) {
        Nd4jTransfers.fill(Nd4jTensor.of(gradients.key()), 0f);
        Nd4jTransfers.fill(Nd4jTensor.of(gradients.value()), 0f);
        forEachHead(input, head -> {
            int keyHead = head.head() * spec.keyValueHeads() / spec.heads();
            INDArray dy = part(outputGradient, head, head.head()).doubles();
            INDArray weights = head.scores().doubles();
            INDArray factors = factors(head);
            INDArray weightGradient = Nd4jLinear.product(
                            false, true, dy, head.value().doubles())
                    .dup('c')
                    .muli(factors);
            INDArray dot = weightGradient.mul(weights).sum(true, 1);
            INDArray scoreGradient =
                    weightGradient.subiColumnVector(dot).muli(weights).muli(1 / Math.sqrt(spec.headSize()));
            part(Nd4jTensor.of(gradients.query()), head, head.head())
                    .assign(scoreGradient.mmul(head.key().doubles()));
            add(
                    part(Nd4jTensor.of(gradients.key()), head, keyHead),
                    Nd4jLinear.product(true, false, scoreGradient, head.query().doubles()));
            add(
                    part(Nd4jTensor.of(gradients.value()), head, keyHead),
                    Nd4jLinear.product(true, false, weights.muli(factors), dy));
        });
    }

    private void forEachHead(QueryKeyValue input, HeadAction action) {
        for (int head = 0; head < spec.heads(); head++) {
            int keyHead = head * spec.keyValueHeads() / spec.heads();
            int start = 0;
            for (int s = 0; s < spec.sequences(); s++) {
                int first = spec.offsets()[s];
                int length = spec.offsets()[s + 1] - first;
                if (length > 0) {
                    Nd4jTensor scores = probabilities.view(head, start, 1, length * length);
                    action.run(new Head(
                            head,
                            first,
                            length,
                            part(Nd4jTensor.of(input.query()), first, length, head),
                            part(Nd4jTensor.of(input.key()), first, length, keyHead),
                            part(Nd4jTensor.of(input.value()), first, length, keyHead),
                            scores.reshape(0, length, length)));
                }
                start += length * length;
            }
        }
    }

    private Nd4jTensor part(Nd4jTensor packed, Head head, int column) {
        return part(packed, head.first(), head.length(), column);
    }

    private Nd4jTensor part(Nd4jTensor packed, int first, int length, int head) {
        return packed.view(first, head * spec.headSize(), length, spec.headSize());
    }

    private void hideLater(INDArray scores, double value) {
        if (!spec.causal()) {
            return;
        }
        for (int i = 0; i < scores.rows(); i++) {
            for (int j = i + 1; j < scores.columns(); j++) {
                scores.putScalar(i, j, value);
            }
        }
    }

    /** Dropout factors of the probabilities. */
    private INDArray factors(Head head) {
        int n = head.length();
        double[] factors = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                factors[i * n + j] = spec.dropout().isActive()
                        ? spec.dropout().factor(head.first() + i, AttentionSpec.dropoutColumn(head.head(), j))
                        : 1;
            }
        }
        return Nd4j.create(factors, new long[] {n, n}, 'c');
    }

    private static void add(Nd4jTensor target, INDArray doubles) {
        target.assign(target.doubles().addi(doubles));
    }
}

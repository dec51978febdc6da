package io.sparkpeft.compute.nd4j;

import io.sparkpeft.compute.QueryKeyValue;
import io.sparkpeft.compute.argument.AttentionSpec;
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
            int sequence,
            int head,
            int firstKey,
            int keys,
            int firstQuery,
            int queries,
            Nd4jTensor query,
            Nd4jTensor key,
            Nd4jTensor value,
            Nd4jTensor scores) {}

    private interface HeadAction {
        void run(Head head);
    }

    void forward(QueryKeyValue input, Nd4jTensor output) {
        forEachHead(input, head -> {
            INDArray scores = Nd4jLinear.product(
                            false, true, head.query().doubles(), head.key().doubles())
                    .dup('c')
                    .muli(1 / Math.sqrt(spec.headSize()));
            hideLater(head, scores);
            INDArray weights = Nd4jLoss.softmax(scores);
            head.scores().assign(weights);
            weights.muli(factors(head));
            queries(output, head).assign(weights.mmul(head.value().doubles()));
        });
    }

    void backward(QueryKeyValue input, Nd4jTensor outputGradient, QueryKeyValue gradients) {
        Nd4jTransfers.fill(Nd4jTensor.of(gradients.key()), 0f);
        Nd4jTransfers.fill(Nd4jTensor.of(gradients.value()), 0f);
        forEachHead(input, head -> {
            INDArray dy = queries(outputGradient, head).doubles();
            INDArray weights = head.scores().doubles();
            INDArray factors = factors(head);
            INDArray weightGradient = Nd4jLinear.product(
                            false, true, dy, head.value().doubles())
                    .dup('c')
                    .muli(factors);
            INDArray dot = weightGradient.mul(weights).sum(true, 1);
            INDArray scoreGradient =
                    weightGradient.subiColumnVector(dot).muli(weights).muli(1 / Math.sqrt(spec.headSize()));
            queries(Nd4jTensor.of(gradients.query()), head)
                    .assign(scoreGradient.mmul(head.key().doubles()));
            add(
                    keys(Nd4jTensor.of(gradients.key()), head),
                    Nd4jLinear.product(true, false, scoreGradient, head.query().doubles()));
            add(
                    keys(Nd4jTensor.of(gradients.value()), head),
                    Nd4jLinear.product(true, false, weights.muli(factors), dy));
        });
    }

    private void forEachHead(QueryKeyValue input, HeadAction action) {
        for (int head = 0; head < spec.heads(); head++) {
            int start = 0;
            for (int s = 0; s < spec.sequences(); s++) {
                int size = spec.queries(s) * spec.length(s);
                if (size > 0) {
                    action.run(head(input, s, head, probabilities.view(head, start, 1, size)));
                }
                start += size;
            }
        }
    }

    private Head head(QueryKeyValue input, int sequence, int head, Nd4jTensor scores) {
        int firstKey = spec.offsets()[sequence];
        int keys = spec.length(sequence);
        int firstQuery = spec.queries().offsets()[sequence];
        int queries = spec.queries(sequence);
        int keyHead = keyHead(head);
        return new Head(
                sequence,
                head,
                firstKey,
                keys,
                firstQuery,
                queries,
                part(Nd4jTensor.of(input.query()), firstQuery, queries, head),
                part(Nd4jTensor.of(input.key()), firstKey, keys, keyHead),
                part(Nd4jTensor.of(input.value()), firstKey, keys, keyHead),
                scores.reshape(0, queries, keys));
    }

    private int keyHead(int head) {
        return head * spec.keyValueHeads() / spec.heads();
    }

    private Nd4jTensor queries(Nd4jTensor packed, Head head) {
        return part(packed, head.firstQuery(), head.queries(), head.head());
    }

    private Nd4jTensor keys(Nd4jTensor packed, Head head) {
        return part(packed, head.firstKey(), head.keys(), keyHead(head.head()));
    }

    private Nd4jTensor part(Nd4jTensor packed, int first, int length, int head) {
        return packed.view(first, head * spec.headSize(), length, spec.headSize());
    }

    private void hideLater(Head head, INDArray scores) {
        for (int i = 0; i < head.queries(); i++) {
            for (int j = spec.visible(head.sequence(), head.firstQuery() + i); j < head.keys(); j++) {
                scores.putScalar(i, j, Double.NEGATIVE_INFINITY);
            }
        }
    }

    /** Dropout factors of the probabilities. */
    private INDArray factors(Head head) {
        int n = head.keys();
        double[] factors = new double[head.queries() * n];
        for (int i = 0; i < head.queries(); i++) {
            for (int j = 0; j < n; j++) {
                factors[i * n + j] = spec.dropout().isActive()
                        ? spec.dropout().factor(head.firstQuery() + i, AttentionSpec.dropoutColumn(head.head(), j))
                        : 1;
            }
        }
        return Nd4j.create(factors, new long[] {head.queries(), n}, 'c');
    }

    private static void add(Nd4jTensor target, INDArray doubles) {
        target.assign(target.doubles().addi(doubles));
    }
}

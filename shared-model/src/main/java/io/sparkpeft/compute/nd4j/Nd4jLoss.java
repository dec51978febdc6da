package io.sparkpeft.compute.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Softmax and cross-entropy, in double precision, rounded at the end. */
final class Nd4jLoss {
    private Nd4jLoss() {}

    static void softmax(Nd4jTensor logits, Nd4jTensor output) {
        if (!logits.isEmpty()) {
            output.assign(softmax(logits.doubles()));
        }
    }

    /** Softmax of every row, in place. */
    static INDArray softmax(INDArray x) {
        x.subiColumnVector(x.max(true, 1));
        Transforms.exp(x, false);
        return x.diviColumnVector(x.sum(true, 1));
    }

    static void losses(Nd4jTensor logits, int[] labels, float[] losses) {
        if (logits.isEmpty()) {
            return;
        }
        INDArray x = logits.doubles();
        x.subiColumnVector(x.max(true, 1));
        INDArray wanted = Nd4j.create(DataType.DOUBLE, logits.rows(), 1);
        for (int r = 0; r < logits.rows(); r++) {
            wanted.putScalar(r, 0, labels[r] < 0 ? 0 : x.getDouble(r, labels[r]));
        }
        Transforms.exp(x, false);
        INDArray result = Transforms.log(x.sum(true, 1), false).subi(wanted);
        for (int r = 0; r < logits.rows(); r++) {
            losses[r] = labels[r] < 0 ? 0f : result.getFloat(r, 0);
        }
    }

    static void gradient(Nd4jTensor logits, int[] labels, float[] rowScale, Nd4jTensor gradient) {
        if (logits.isEmpty()) {
            return;
        }
        INDArray result = softmax(logits.doubles());
        INDArray scale = Nd4j.create(DataType.DOUBLE, logits.rows(), 1);
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] >= 0) {
                scale.putScalar(r, 0, rowScale[r]);
                result.putScalar(r, labels[r], result.getDouble(r, labels[r]) - 1);
            }
        }
        gradient.assign(result.muliColumnVector(scale));
        for (int r = 0; r < logits.rows(); r++) {
            if (labels[r] < 0) {
                Nd4jTransfers.fill(gradient.view(r, 0, 1, gradient.columns()), 0f);
            }
        }
    }
}

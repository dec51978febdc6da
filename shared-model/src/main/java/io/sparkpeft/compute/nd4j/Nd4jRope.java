package io.sparkpeft.compute.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rotary position embedding, in double precision, rounded at the end. */
final class Nd4jRope {
    private Nd4jRope() {}

    static void rotate(Nd4jTensor target, int[] positions, int headSize, double theta, boolean inverse) {
        if (target.isEmpty()) {
            return;
        }
        int rows = target.rows();
        int half = headSize / 2;
        INDArray cosines = Nd4j.create(DataType.DOUBLE, rows, half);
        INDArray sines = Nd4j.create(DataType.DOUBLE, rows, half);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < half; i++) {
                double angle = positions[r] * Math.pow(theta, -2.0 * i / headSize);
                cosines.putScalar(r, i, Math.cos(angle));
                sines.putScalar(r, i, inverse ? -Math.sin(angle) : Math.sin(angle));
            }
        }
        for (int first = 0; first < target.columns(); first += headSize) {
            Nd4jTensor front = target.view(0, first, rows, half);
            Nd4jTensor back = target.view(0, first + half, rows, half);
            INDArray a = front.doubles();
            INDArray b = back.doubles();
            front.assign(a.mul(cosines).subi(b.mul(sines)));
            back.assign(b.mul(cosines).addi(a.mul(sines)));
        }
    }
}

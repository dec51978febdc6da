package io.sparkpeft.dl4j.network;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Moves numbers between Java and ND4J in bulk. */
public final class Floats {
    private Floats() {}

    /** The memory of a whole array, which must outlive the buffer. */
    static FloatBuffer memory(INDArray whole) {
        if (whole.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException(
                    "Cannot train a network of %s: its data type must be FLOAT".formatted(whole.dataType()));
        }
        if (whole.isView() || !(whole.data().pointer() instanceof FloatPointer pointer)) {
            throw new IllegalArgumentException(
                    "Cannot train: the network's weights are a view of memory of someone else's");
        }
        return pointer.asBuffer();
    }

    /** A copy of all numbers in the array's own order of rows and columns. */
    public static float[] of(INDArray array) {
        INDArray copy = array.castTo(DataType.FLOAT).dup('c');
        float[] values = new float[Math.toIntExact(copy.length())];
        memory(copy).get(0, values);
        return values;
    }

    /** A new row [1, n] of these numbers. */
    public static INDArray row(float[] values) {
        INDArray row = Nd4j.createUninitialized(DataType.FLOAT, 1, values.length);
        memory(row).put(0, values);
        return row;
    }
}

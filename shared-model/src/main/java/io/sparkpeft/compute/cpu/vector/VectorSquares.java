package io.sparkpeft.compute.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The sum of the squares of floats on the heap, in double. The square of a float is exact in double. */
final class VectorSquares {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

    private static final int COUNT = DOUBLES.length();
    /** Entries of a piece: a loop that is entered often is compiled better than one that runs long. */
    private static final int PIECE = 1 << 14;

    private VectorSquares() {}

    static double sum(float[] values) {
        double sum = 0;
        for (int from = 0; from < values.length; from += PIECE) {
            sum += sum(values, from, Math.min(values.length, from + PIECE));
        }
        return sum;
    }

    /** In two sums by turns, so that an addition need not wait for the one before. */
    private static double sum(float[] values, int from, int to) {
        DoubleVector even = DoubleVector.zero(DOUBLES);
        DoubleVector odd = DoubleVector.zero(DOUBLES);
        int i = from;
        for (; i <= to - 2 * COUNT; i += 2 * COUNT) {
            DoubleVector a = load(values, i);
            DoubleVector b = load(values, i + COUNT);
            even = a.fma(a, even);
            odd = b.fma(b, odd);
        }
        double sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < to; i++) {
            sum += (double) values[i] * values[i];
        }
        return sum;
    }

    private static DoubleVector load(float[] values, int from) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, values, from).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}

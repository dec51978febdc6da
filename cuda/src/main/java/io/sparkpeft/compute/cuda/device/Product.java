package io.sparkpeft.compute.cuda.device;

/**
 * c = alpha·op(a)·op(b) + beta·c, as BLAS defines it for matrices that lie column after column.
 *
 * @param shape sizes and transposes
 * @param alpha factor of the product
 * @param beta factor of what c holds; 0: c is not read
 * @param inputs what a and b hold
 * @param batches how many such products, at the operands' steps
 */
public record Product(Shape shape, float alpha, float beta, Inputs inputs, int batches) {
    /**
     * Sizes of one product.
     *
     * @param transposeA whether op(a) is the transpose of a
     * @param transposeB whether op(b) is the transpose of b
     * @param m rows of op(a) and c
     * @param n columns of op(b) and c
     * @param k columns of op(a), rows of op(b)
     */
    public record Shape(boolean transposeA, boolean transposeB, int m, int n, int k) {}

    /** What the factors hold; c and the sums are float32. */
    public enum Inputs {
        FLOAT32,
        /** Floats, which tensor cores round to TF32. */
        TF32,
        /** 16 bits an entry. */
        BFLOAT16
    }
}

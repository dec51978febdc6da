package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.RoundedFactors;

/**
 * Matrix products by the device's library, which takes matrices column after column: a row-major matrix is its transpose
 * there, so that cᵀ = op(b)ᵀ·op(a)ᵀ is computed from the same memory.
 */
public final class ProductKernels {
    /** Numbers of a row of rounded factors are a multiple of this, which tensor cores load fastest. */
    private static final int ROUNDED_ALIGNMENT = 8;

    private final Device device;
    private final Launcher launcher;
    private final ElementKernels elements;
    private final RoundedFactors factors;
    private final Precision precision;

    ProductKernels(
            Device device, Launcher launcher, ElementKernels elements, RoundedFactors factors, Precision precision) {
        this.device = device;
        this.launcher = launcher;
        this.elements = elements;
        this.factors = factors;
        this.precision = precision;
    }

    /** c = alpha·op(a)·op(b) + beta·c. */
    public void multiply(Flags flags, float alpha, CudaTensor a, CudaTensor b, float beta, CudaTensor c) {
        int inner = flags.transposeA() ? a.rows() : a.columns();
        c.writable();
        if (c.size() == 0) {
            return;
        }
        if (inner == 0) {
            clear(beta, c);
            return;
        }
        Product.Shape shape = new Product.Shape(flags.transposeB(), flags.transposeA(), c.columns(), c.rows(), inner);
        Product product = new Product(shape, alpha, beta, inputs(), 1);
        Operand left = operand(a);
        Operand right = operand(b);
        // Again, for a result that lies where a factor did: what was rounded of it is of the past now.
        device.multiply(product, right, left, new Operand(c.writable().address(), c.stride(), 0));
    }

    /**
     * Which factors are transposed.
     *
     * @param transposeA the left one
     * @param transposeB the right one
     */
    public record Flags(boolean transposeA, boolean transposeB) {}

    /** An empty sum of products is 0. */
    private void clear(float beta, CudaTensor c) {
        if (beta == 0) {
            elements.fill(c, 0f);
        } else {
            elements.scale(beta, c);
        }
    }

    private Product.Inputs inputs() {
        return switch (precision) {
            case FLOAT32 -> Product.Inputs.FLOAT32;
            case TF32 -> Product.Inputs.TF32;
            case BF16 -> Product.Inputs.BFLOAT16;
        };
    }

    private Operand operand(CudaTensor factor) {
        if (precision != Precision.BF16) {
            return new Operand(factor.address(), factor.stride(), 0);
        }
        int stride = Launcher.ceil(factor.columns(), ROUNDED_ALIGNMENT) * ROUNDED_ALIGNMENT;
        long bytes = (long) Short.BYTES * factor.rows() * stride;
        return new Operand(factors.address(factor, bytes, rounded -> round(factor, rounded, stride)), stride, 0);
    }

    private void round(CudaTensor factor, long rounded, int stride) {
        boolean isOneRow = factor.isDense() && stride == factor.columns();
        int rows = isOneRow ? 1 : factor.rows();
        launcher.octets("round_to_bfloat16", rows, factor.size() / rows)
                .matrix(factor)
                .address(rounded)
                .integer(stride)
                .run();
    }
}

package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.compute.cuda.device.Device;
import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.Scratch;

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
    private final Scratch scratch;
    private final Precision precision;

    ProductKernels(Device device, Launcher launcher, ElementKernels elements, Scratch scratch, Precision precision) {
        this.device = device;
        this.launcher = launcher;
        this.elements = elements;
        this.scratch = scratch;
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
        Operand left = operand(a, Scratch.Use.LEFT_FACTOR);
        Operand right = operand(b, Scratch.Use.RIGHT_FACTOR);
        device.multiply(product, right, left, new Operand(c.address(), c.stride(), 0));
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

    private Operand operand(CudaTensor factor, Scratch.Use use) {
        if (precision != Precision.BF16) {
            return new Operand(factor.address(), factor.stride(), 0);
        }
        int stride = Launcher.ceil(factor.columns(), ROUNDED_ALIGNMENT) * ROUNDED_ALIGNMENT;
        long rounded = scratch.bytes(use, (long) Short.BYTES * factor.rows() * stride);
        launcher.grid("round_to_bfloat16", factor.rows(), factor.columns())
                .matrix(factor)
                .address(rounded)
                .integer(stride)
                .run();
        return new Operand(rounded, stride, 0);
    }
}

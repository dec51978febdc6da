package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Operand;
import io.sparkpeft.compute.cuda.device.Product;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A handle of cuBLAS on one stream. Its workspace is set and of one size, and atomics are not allowed, so that it chooses
 * and sums alike each time.
 */
final class Products implements AutoCloseable {
    /** What NVIDIA recommends for Hopper; older devices use less of it. */
    static final long WORKSPACE = 32L << 20;

    private final cublasContext handle = new cublasContext();
    private final FloatPointer alpha = new FloatPointer(1);
    private final FloatPointer beta = new FloatPointer(1);
    private final AddressPointer a = new AddressPointer();
    private final AddressPointer b = new AddressPointer();
    private final AddressPointer c = new AddressPointer();

    /** @param workspace address of {@link #WORKSPACE} bytes on the device */
    Products(CUstream_st stream, long workspace) {
        Status.products("start cuBLAS", cublas.cublasCreate_v2(handle));
        Status.products("give cuBLAS a stream", cublas.cublasSetStream_v2(handle, stream));
        Status.products("give cuBLAS a workspace", cublas.cublasSetWorkspace_v2(handle, a.at(workspace), WORKSPACE));
        Status.products(
                "set cuBLAS to no atomics", cublas.cublasSetAtomicsMode(handle, cublas.CUBLAS_ATOMICS_NOT_ALLOWED));
    }

    void multiply(Product product, Operand left, Operand right, Operand result) {
        Product.Shape shape = product.shape();
        int type = product.inputs() == Product.Inputs.BFLOAT16 ? cudart.CUDA_R_16BF : cudart.CUDA_R_32F;
        alpha.put(product.alpha());
        beta.put(product.beta());
        int code = cublas.cublasGemmStridedBatchedEx(
                handle,
                operation(shape.transposeA()),
                operation(shape.transposeB()),
                shape.m(),
                shape.n(),
                shape.k(),
                alpha,
                a.at(left.address()),
                type,
                left.leading(),
                left.step(),
                b.at(right.address()),
                type,
                right.leading(),
                right.step(),
                beta,
                c.at(result.address()),
                cudart.CUDA_R_32F,
                result.leading(),
                result.step(),
                product.batches(),
                compute(product.inputs()),
                cublas.CUBLAS_GEMM_DEFAULT);
        if (code != cublas.CUBLAS_STATUS_SUCCESS) {
            Status.products("multiply matrices (%s)".formatted(product), code);
        }
    }

    private static int operation(boolean transpose) {
        return transpose ? cublas.CUBLAS_OP_T : cublas.CUBLAS_OP_N;
    }

    private static int compute(Product.Inputs inputs) {
        return inputs == Product.Inputs.TF32 ? cublas.CUBLAS_COMPUTE_32F_FAST_TF32 : cublas.CUBLAS_COMPUTE_32F;
    }

    @Override
    public void close() {
        cublas.cublasDestroy_v2(handle);
        alpha.close();
        beta.close();
    }
}

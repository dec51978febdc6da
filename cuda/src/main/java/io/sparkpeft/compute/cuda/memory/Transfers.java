package io.sparkpeft.compute.cuda.memory;

import io.sparkpeft.compute.cuda.device.Region;

/** Copies of matrices between ordinary and device memory, a piece at a time through {@link Staging}. */
public final class Transfers {
    /** Floats of a piece: a quarter of a grown ring, so that one fills while another is sent. */
    private static final int PIECE = 1 << 20;

    private final Staging staging;

    public Transfers(Staging staging) {
        this.staging = staging;
    }

    private interface PieceAction {
        void run(Region region, int from, int count);
    }

    /** Copies the matrix's entries, row after row, from an array to the device. */
    public void upload(float[] source, int offset, CudaTensor target) {
        target.writable();
        forEachPiece(target, (region, from, count) -> {
            staging.begin(count, 1);
            staging.put(source, offset + from, count);
            staging.send(region);
        });
    }

    /** Copies the matrix's entries, row after row, into an array. */
    public void download(CudaTensor source, float[] target, int offset) {
        forEachPiece(source, (region, from, count) -> staging.receive(region, target, offset + from, count));
    }

    /** Whole rows, as many as a piece holds, or parts of a row that is longer. */
    private static void forEachPiece(CudaTensor tensor, PieceAction action) {
        boolean dense = tensor.isDense();
        int rows = dense ? Math.min(1, tensor.rows()) : tensor.rows();
        int columns = dense ? tensor.size() : tensor.columns();
        int step = Math.max(1, PIECE / Math.max(1, columns));
        for (int r = 0; r < rows; r += step) {
            int count = Math.min(step, rows - r);
            for (int c = 0; c < columns; c += PIECE) {
                int width = Math.min(PIECE, columns - c);
                action.run(tensor.region(r, c, count, width), r * columns + c, count * width);
            }
        }
    }
}

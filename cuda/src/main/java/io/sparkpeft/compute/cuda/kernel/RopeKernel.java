package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;
import io.sparkpeft.compute.cuda.memory.DeviceTensors;
import io.sparkpeft.compute.cuda.memory.Transfers;
import java.util.Optional;

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) by a table of cosines and sines, made once in double
 * precision and kept on the device.
 */
public final class RopeKernel {
    private static final int FEWEST_POSITIONS = 128;

    private final Launcher launcher;
    private final CallArrays arrays;
    private final DeviceTensors tensors;
    private final Transfers transfers;
    private Optional<Table> kept = Optional.empty();

    RopeKernel(Launcher launcher, CallArrays arrays, DeviceTensors tensors, Transfers transfers) {
        this.launcher = launcher;
        this.arrays = arrays;
        this.tensors = tensors;
        this.transfers = transfers;
    }

    /** @param values row p: headSize/2 cosines, then as many sines, of position p */
    private record Table(CudaTensor values, int headSize, float theta) {
        boolean covers(int position, int wantedHeadSize, float wantedTheta) {
            return position < values.rows() && headSize == wantedHeadSize && theta == wantedTheta;
        }
    }

    /**
     * Turns all pairs of a tensor.
     *
     * @param largest of the positions
     */
    public void turn(CudaTensor target, int[] positions, int largest, Turn turn) {
        int rows = target.rows();
        CudaTensor table = table(largest, turn);
        long there = arrays.begin(rows, 1).integers(positions, rows);
        arrays.send();
        launcher.entries("rope", (long) rows * (target.columns() / 2))
                .integer(rows)
                .integer(target.columns())
                .result(target)
                .address(there)
                .address(table.address())
                .integer(turn.headSize())
                .flag(turn.inverse())
                .run();
    }

    /**
     * How pairs turn.
     *
     * @param theta base of the angles
     * @param inverse whether by the negative angle
     */
    public record Turn(int headSize, float theta, boolean inverse) {}

    private CudaTensor table(int largest, Turn turn) {
        Optional<Table> fitting = kept.filter(t -> t.covers(largest, turn.headSize(), turn.theta()));
        if (fitting.isEmpty()) {
            kept.ifPresent(table -> tensors.free(table.values()));
            fitting = Optional.of(make(largest, turn));
            kept = fitting;
        }
        return fitting.get().values();
    }

    private Table make(int largest, Turn turn) {
        int positions = Math.max(FEWEST_POSITIONS, Integer.highestOneBit(Math.max(1, largest)) * 2);
        int size = turn.headSize();
        int half = size / 2;
        float[] values = new float[Math.multiplyExact(positions, size)];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(turn.theta(), -2.0 * i / size);
            for (int p = 0; p < positions; p++) {
                values[p * size + i] = (float) Math.cos(p * frequency);
                values[p * size + half + i] = (float) Math.sin(p * frequency);
            }
        }
        CudaTensor table = tensors.allocate(positions, size);
        transfers.upload(values, 0, table);
        return new Table(table, size, turn.theta());
    }
}

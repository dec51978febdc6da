package io.sparkpeft.kernel;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.roaringbitmap.RoaringBitmap;

/** Writing and reading the file of a delta, of k of 2²⁴ weights; the bytes are those of the file. */
public class DeltaBenchmark extends KernelBenchmark {
    private static final int SIDE = 1 << 12;

    @Param({"160000", "1600000"})
    private int chosen;

    private ParameterLayout layout;
    private SparseDelta delta;
    private byte[] file;

    @Setup(Level.Trial)
    public void prepare() {
        layout = new ParameterLayout(
                List.of(new TensorSpec("weight", SIDE, SIDE, TensorKind.LINEAR, TensorRole.BODY)));
        RoaringBitmap members = RoaringBitmap.bitmapOf(Bench.indices(chosen, SIDE * SIDE));
        MaskIndex index = new MaskIndex(new ParameterMask(layout, new RoaringBitmap[] {members}));
        delta = SparseDelta.of("base", index, Bench.values(chosen, 4), ValueType.F32, Map.of());
        file = DeltaCodec.encode(delta);
    }

    @Benchmark
    public byte[] encode(Roofline roofline) {
        roofline.count(Roofline.work(0, file.length));
        return DeltaCodec.encode(delta);
    }

    @Benchmark
    public SparseDelta decode(Roofline roofline) {
        roofline.count(Roofline.work(0, file.length));
        return DeltaCodec.decode(file, layout, "benchmark");
    }
}

package io.sparkpeft.spark.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.datasets.sample.SampleWorld;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.spark.resource.Computation;
import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Whoever used a replica before, and whatever runs beside it, its weights are those of its state. */
class ExecutorModelTest {
    private static final BackendChoice CPU = BackendChoice.of("cpu");
    private static final Configuration CONFIGURATION = new Configuration();

    @TempDir
    Path directory;

    private ExecutorModel model;
    private ModelState whole;
    private ModelState pruned;
    private Artefact tuned;

    @BeforeEach
    void load() throws IOException {
        SampleWorld.write(CONFIGURATION, new org.apache.hadoop.fs.Path(directory.toUri()), 1);
        ModelReference unchecked = new ModelReference(
                Path.of("")
                        .toAbsolutePath()
                        .relativize(directory.resolve("model"))
                        .toString(),
                true,
                Objective.SEQUENCE_CLASSIFICATION,
                List.of("bad", "good"),
                1,
                Computation.everywhere(CPU),
                FrozenWeights.FLOAT32,
                Recompute.NONE,
                "");
        ModelReference reference;
        try (BaseModel base = BaseModel.load(unchecked, CONFIGURATION)) {
            reference = base.reference();
        }
        assertThat(reference.path()).isEqualTo("file:" + directory.resolve("model"));
        model = ExecutorModel.load(reference, CONFIGURATION);
        Storage storage = Storage.at(directory.resolve("masks").toString(), CONFIGURATION);
        whole = ModelState.of(reference);
        pruned = whole.withPruneMask(StateFiles.writeMask(storage, "prune.mask", everyThird(0, 1000)));
        tuned = StateFiles.writeMask(storage, "update.mask", everyThird(1, 2));
    }

    @AfterEach
    void close() {
        model.close();
    }

    /** Every third weight of BODY tensors, of the first so many. */
    private ParameterMask everyThird(int first, int count) {
        ParameterLayout layout = model.layout();
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            if (layout.tensor(t).role() == TensorRole.BODY && t < count) {
                for (int i = first; i < layout.tensor(t).size(); i += 3) {
                    tensors[t].add(i);
                }
            }
        }
        return new ParameterMask(layout, tensors);
    }

    private Replica borrow(ModelState state, Artefact mask) {
        return model.borrow(CPU, state, mask, CONFIGURATION);
    }

    private static float[] live(TransformerModel live) {
        ParameterLayout layout = live.layout();
        float[] values = new float[Math.toIntExact(layout.size())];
        for (int t = 0; t < layout.count(); t++) {
            live.backend().download(live.parameter(t), values, (int) layout.offset(t));
        }
        return values;
    }

    private void requireHolds(Replica replica, ModelState state) {
        WeightSource expected = model.weights(state, CONFIGURATION);
        float[] values = new float[Math.toIntExact(expected.layout().size())];
        for (int t = 0; t < expected.layout().count(); t++) {
            expected.read(t, 0, expected.layout().tensor(t).size(), values, (int)
                    expected.layout().offset(t));
        }
        assertThat(live(replica.model())).isEqualTo(values);
    }

    private long tunedTensors() {
        ParameterLayout layout = model.layout();
        MaskIndex index = model.mask(tuned, CONFIGURATION);
        long size = 0;
        for (int t = 0; t < layout.count(); t++) {
            size += index.count(t) > 0 ? layout.tensor(t).size() : 0;
        }
        return Float.BYTES * size;
    }

    private void write(Replica replica, float value) {
        MaskIndex index = model.mask(tuned, CONFIGURATION);
        float[] values = new float[index.size()];
        Arrays.fill(values, value);
        replica.write(new TunedValues(index, values));
    }

    @Test
    void replicasShareWhatTheyDoNotTune() {
        long all = Float.BYTES * model.layout().size();
        try (Replica first = borrow(whole, tuned);
                Replica second = borrow(whole, tuned)) {
            write(first, 5f);
            requireHolds(second, whole);
            assertThat(tunedTensors()).isBetween(1L, all / 2);
            assertThat(model.sharedBytes()).isEqualTo(all - tunedTensors());
            try (Replica evaluating = borrow(whole, Artefact.NONE)) {
                requireHolds(evaluating, whole);
                assertThat(model.sharedBytes()).isEqualTo(all);
            }
            requireHolds(second, whole);
        }
        assertThat(model.sharedBytes()).isLessThanOrEqualTo(all);
        try (Replica next = borrow(whole, Artefact.NONE)) {
            requireHolds(next, whole);
        }
        try (Replica next = borrow(whole, tuned)) {
            assertThat(model.sharedBytes()).isEqualTo(all - tunedTensors());
            assertThat(next.model().layout()).isEqualTo(model.layout());
        }
    }

    @Test
    void aNewStateInFlightLeavesTheOldOneAloneAndItsMemoryGoesWithItsLastTask() {
        long all = Float.BYTES * model.layout().size();
        try (Replica old = borrow(whole, tuned)) {
            write(old, 7f);
            float[] before = live(old.model());
            try (Replica fresh = borrow(pruned, Artefact.NONE);
                    Replica beside = borrow(pruned, tuned)) {
                requireHolds(fresh, pruned);
                requireHolds(beside, pruned);
                assertThat(model.sharedBytes()).isEqualTo(2 * all - tunedTensors());
            }
            assertThat(live(old.model())).isEqualTo(before);
        }
        try (Replica fresh = borrow(pruned, Artefact.NONE)) {
            requireHolds(fresh, pruned);
            assertThat(model.sharedBytes()).isEqualTo(all);
        }
    }

    @Test
    void aClosedModelKeepsWhatATaskUsesUntilTheTaskEnds() {
        Replica idle = borrow(whole, Artefact.NONE);
        Replica busy = borrow(whole, Artefact.NONE);
        idle.close();
        model.close();
        requireHolds(busy, whole);
        busy.close();
        assertThat(model.sharedBytes()).isZero();
    }
}

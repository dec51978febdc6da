package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.importance.ImportanceAccumulator;
import io.sparkpeft.importance.ImportanceStatistic;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.HeldFloats;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.model.weights.OwnWeights;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.param.source.TunedWeights;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.roaringbitmap.RoaringBitmap;

/** Models that read the same copy of what they do not tune. */
class SharedWeightsTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";
    private static final String BACKEND = "cpu";

    private static SharedWeights shared(PretrainedModel pretrained, Backend lender) {
        return new SharedWeights(pretrained.parameters(), lender, false);
    }

    private static TransformerModel replica(
            PretrainedModel pretrained, SharedWeights shared, Backend backend, Optional<MaskIndex> tuned) {
        assertThat(shared.join()).isTrue();
        return new TransformerModel(pretrained.definition(), backend, new ReplicaWeights(shared, backend, tuned));
    }

    /** A tenth of the tensors whose number leaves that remainder by three, and the head. */
    private static MaskIndex mask(ParameterLayout layout, int third) {
        ParameterMask random = ToyMasks.random(layout, 11 + third, 0.1);
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = t % 3 == third ? random.tensor(t).clone() : new RoaringBitmap();
        }
        return new MaskIndex(new ParameterMask(layout, tensors));
    }

    private static float[] train(TransformerModel model, MaskIndex index, float[] start, TokenBatch batch) {
        TrainSettings settings = new TrainSettings(LearningRate.of("constant", 0.05, 9), OptimizerSettings.sgd(), 0);
        return new LocalTrainer<>(model, index, settings)
                .train(new RoundInput(start, OptimizerState.none(), 0, 5, false), s -> List.of(batch))
                .values();
    }

    private static double importance(TransformerModel model, TokenBatch batch) {
        try (ImportanceAccumulator<TokenBatch> accumulator =
                new ImportanceAccumulator<>(model, ImportanceStatistic.SQUARED_GRADIENT, 3)) {
            accumulator.add(batch);
        }
        return model.loss(batch).sum();
    }

    private static float[] live(TransformerModel model) {
        ParameterLayout layout = model.layout();
        float[] values = new float[Math.toIntExact(layout.size())];
        for (int t = 0; t < layout.count(); t++) {
            model.backend().download(model.parameter(t), values, (int) layout.offset(t));
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void tasksSideBySideFindWhatEachFindsWithAllWeightsToItself(TinyModel tiny) throws Exception {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
        SharedWeights shared = shared(pretrained, BackendProvider.create(BACKEND));
        assertThat(shared.join()).isTrue();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<float[]>> found = new ArrayList<>();
            for (int third = 0; third < 3; third++) {
                MaskIndex index = mask(pretrained.parameters().layout(), third);
                Callable<float[]> task = () -> {
                    try (Backend backend = BackendProvider.create(BACKEND);
                            TransformerModel model = replica(pretrained, shared, backend, Optional.of(index))) {
                        train(model, index, index.gather(pretrained.parameters()), batch);
                        importance(model, batch);
                        return live(model);
                    }
                };
                found.add(threads.submit(task));
            }
            for (int third = 0; third < 3; third++) {
                MaskIndex index = mask(pretrained.parameters().layout(), third);
                try (Backend backend = BackendProvider.create(BACKEND);
                        TransformerModel alone =
                                new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
                    float[] start = index.gather(pretrained.parameters());
                    assertThat(train(alone, index, start, batch)).isNotEqualTo(start);
                    importance(alone, batch);
                    assertThat(found.get(third).get()).isEqualTo(live(alone));
                }
            }
        } finally {
            threads.shutdownNow();
            shared.leave();
        }
    }

    @Test
    void memoryIsTheWeightsOnceAndWhatEachTaskTunes() {
        PretrainedModel pretrained = new TinyModel("bert", Objective.SEQUENCE_CLASSIFICATION).load();
        ParameterLayout layout = pretrained.parameters().layout();
        int layer = layout.indexOf("bert.encoder.layer.0.intermediate.dense.weight");
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = t == layer ? RoaringBitmap.bitmapOf(3, 17, 40) : new RoaringBitmap();
        }
        MaskIndex index = new MaskIndex(new ParameterMask(layout, tensors));
        HeldFloats held = new HeldFloats();
        SharedWeights shared = shared(pretrained, held.counting(BackendProvider.create(BACKEND)));
        List<Backend> backends = new ArrayList<>();
        List<ReplicaWeights> replicas = new ArrayList<>();
        for (int task = 0; task < 2; task++) {
            assertThat(shared.join()).isTrue();
            backends.add(held.counting(BackendProvider.create(BACKEND)));
            replicas.add(new ReplicaWeights(shared, backends.get(task), Optional.of(index)));
        }
        long tuned = layout.tensor(layer).size();
        assertThat(held.count()).isEqualTo(layout.size() - tuned + 2 * tuned);
        assertThat(shared.bytes()).isEqualTo(4 * (layout.size() - tuned));
        assertThat(replicas.get(0).ownBytes()).isEqualTo(4 * tuned);

        replicas.get(0).close();
        replicas.get(0).close();
        assertThat(held.count()).isEqualTo(layout.size());
        assertThat(shared.join()).isTrue();
        replicas.set(0, new ReplicaWeights(shared, backends.get(0), Optional.empty()));
        assertThat(held.count()).isEqualTo(layout.size() + tuned);
        replicas.get(1).close();
        assertThat(held.count()).isEqualTo(layout.size());
        replicas.get(0).close();
        assertThat(held.count()).isZero();
        assertThat(shared.isClosed()).isTrue();
        assertThat(shared.join()).isFalse();
        backends.forEach(Backend::close);
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void whatAModelDoesNotTuneCannotBeWritten(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        MaskIndex tuned = mask(pretrained.parameters().layout(), 0);
        MaskIndex other = mask(pretrained.parameters().layout(), 1);
        SharedWeights shared = shared(pretrained, BackendProvider.create(BACKEND));
        try (Backend backend = BackendProvider.create(BACKEND);
                TransformerModel model = replica(pretrained, shared, backend, Optional.of(tuned))) {
            float[] before = live(model);
            assertThatThrownBy(() -> model.write(other, new float[other.size()]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("Cannot write to tensor ");
            for (int t = 0; t < model.layout().count(); t++) {
                int tensor = t;
                if (tuned.count(t) == 0) {
                    assertThatThrownBy(() -> backend.fill(model.parameter(tensor), 1f))
                            .isInstanceOf(ReadOnlyBufferException.class);
                }
            }
            assertThat(live(model)).isEqualTo(before);
            try (Backend second = BackendProvider.create(BACKEND);
                    OwnWeights own = new OwnWeights(second, pretrained.parameters())) {
                own.write(other, second.vectors().allocate(other.size()));
                assertThat(own.layout()).isEqualTo(model.layout());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void aModelGoesOnWithOtherWeights(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        MaskIndex index = mask(pretrained.parameters().layout(), 2);
        SharedWeights first = shared(pretrained, BackendProvider.create(BACKEND));
        Parameters pruned = pretrained.parameters().copy();
        for (int t = 0; t < pruned.layout().count(); t++) {
            for (int i = 0; i < pruned.tensor(t).length; i += 3) {
                pruned.tensor(t)[i] = 0;
            }
        }
        SharedWeights second = new SharedWeights(pruned, BackendProvider.create(BACKEND), false);
        try (Backend backend = BackendProvider.create(BACKEND);
                TransformerModel model = replica(pretrained, first, backend, Optional.of(index));
                Backend other = BackendProvider.create(BACKEND);
                TransformerModel alone = new TransformerModel(pretrained.definition(), other, pruned)) {
            train(model, index, index.gather(pretrained.parameters()), batch);
            model.weights().close();
            assertThat(second.join()).isTrue();
            model.use(new ReplicaWeights(second, backend, Optional.empty()));
            assertThat(first.isClosed()).isTrue();
            assertThat(model.loss(batch)).isEqualTo(alone.loss(batch));
            assertThat(live(model)).isEqualTo(live(alone));
        }
    }

    /** As a later phase has it: rounded, and some weights tuned before. */
    private static WeightSource roundedAndTuned(PretrainedModel pretrained) {
        WeightSource rounded = new RoundedWeights(pretrained.parameters());
        MaskIndex before = new MaskIndex(ToyMasks.random(rounded.layout(), 77, 0.03));
        float[] values = before.gather(rounded);
        for (int i = 0; i < values.length; i++) {
            values[i] *= 1.0137f;
        }
        return new TunedWeights(rounded, before, values);
    }

    @ParameterizedTest
    @CsvSource({"0.02", "0.05", "0.4"})
    void packedWeightsGiveTheBitsOfTheSameWeightsAsFloats(double density) {
        for (TinyModel tiny : TinyModel.all().toList()) {
            PretrainedModel pretrained = tiny.load();
            WeightSource start = roundedAndTuned(pretrained);
            TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
            MaskIndex index = new MaskIndex(ToyMasks.random(start.layout(), 5, density));
            SharedWeights shared = new SharedWeights(start, BackendProvider.create(BACKEND), true);
            try (Backend backend = BackendProvider.create(BACKEND);
                    Backend second = BackendProvider.create(BACKEND);
                    Backend other = BackendProvider.create(BACKEND);
                    TransformerModel packed = replica(pretrained, shared, backend, Optional.of(index));
                    TransformerModel beside = replica(pretrained, shared, second, Optional.of(index));
                    TransformerModel alone = new TransformerModel(pretrained.definition(), other, start)) {
                assertThat(live(packed)).isEqualTo(live(alone));
                float[] values = index.gather(start);
                assertThat(train(packed, index, values, batch)).isEqualTo(train(alone, index, values, batch));
                assertThat(importance(packed, batch)).isEqualTo(importance(alone, batch));
                assertThat(live(packed)).isEqualTo(live(alone));
                alone.write(index, values);
                assertThat(live(beside)).isEqualTo(live(alone));
            }
        }
    }

    @Test
    void packedMatricesTakeHalfTheMemoryAndAreSharedThoughTheyAreTuned() {
        PretrainedModel pretrained = new TinyModel("bert", Objective.SEQUENCE_CLASSIFICATION).load();
        ParameterLayout layout = pretrained.parameters().layout();
        long matrices = layout.tensors().stream()
                .filter(RoundedWeights::rounds)
                .mapToLong(TensorSpec::size)
                .sum();
        int largest = layout.tensors().stream()
                .filter(RoundedWeights::rounds)
                .mapToInt(TensorSpec::size)
                .max()
                .orElseThrow();
        int layer = layout.indexOf("bert.encoder.layer.0.intermediate.dense.weight");
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = t == layer ? RoaringBitmap.bitmapOf(3, 17, 40) : new RoaringBitmap();
        }
        MaskIndex index = new MaskIndex(new ParameterMask(layout, tensors));
        HeldFloats held = new HeldFloats();
        SharedWeights shared = new SharedWeights(
                new RoundedWeights(pretrained.parameters()), held.counting(BackendProvider.create(BACKEND)), true);
        try (Backend first = held.counting(BackendProvider.create(BACKEND));
                Backend second = held.counting(BackendProvider.create(BACKEND))) {
            assertThat(shared.join()).isTrue();
            assertThat(shared.join()).isTrue();
            try (ReplicaWeights one = new ReplicaWeights(shared, first, Optional.of(index));
                    ReplicaWeights two = new ReplicaWeights(shared, second, Optional.of(index))) {
                assertThat(held.count()).isEqualTo(layout.size() - matrices / 2 + 2L * largest);
                assertThat(shared.bytes()).isEqualTo(4 * layout.size() - 2 * matrices);
                assertThat(one.ownBytes()).isEqualTo(4L * largest + 4 * 3);
                assertThat(two.ownBytes()).isEqualTo(one.ownBytes());
                MaskIndex other = mask(layout, 1);
                assertThatThrownBy(() -> one.write(other, first.vectors().allocate(other.size())))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(held.count()).isZero();
        }
    }
}

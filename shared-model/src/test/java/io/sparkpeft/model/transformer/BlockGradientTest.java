package io.sparkpeft.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.GradientSink;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.fixture.GradientRecorder;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.optim.OptimizerSettings;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskBlock;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.toy.ToyMasks;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.MaskedGradientSink;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.roaringbitmap.RoaringBitmap;

/** Where a mask touches few rows or columns of a matrix, only their gradient is computed, and it is the same. */
class BlockGradientTest {
    private static final String ALL = "io.sparkpeft.model.transformer.fixture.TinyModel#all";

    /** Which weights of every matrix are tuned; vectors are tuned whole. */
    private enum Shape {
        ROWS,
        COLUMNS,
        ROWS_WITH_HOLES,
        CROSSINGS;

        boolean holds(TensorSpec tensor, int index) {
            boolean row = index / tensor.columns() % 4 == 1;
            boolean column = index % tensor.columns() % 4 == 2;
            return switch (this) {
                case ROWS -> row;
                case COLUMNS -> column;
                case ROWS_WITH_HOLES -> row && CounterRandom.uniform(8, index) < 0.7;
                case CROSSINGS -> row && column;
            };
        }

        ParameterMask mask(ParameterLayout layout) {
            RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
            for (int t = 0; t < tensors.length; t++) {
                TensorSpec tensor = layout.tensor(t);
                tensors[t] = RoaringBitmap.bitmapOf(IntStream.range(0, tensor.size())
                        .filter(i -> tensor.role() != TensorRole.FROZEN
                                && (!tensor.kind().isMatrix() || holds(tensor, i)))
                        .toArray());
            }
            return new ParameterMask(layout, tensors);
        }
    }

    /** Passes everything on, and notes which tensors came as blocks. */
    private record Watched(MaskedGradientSink sink, Set<Integer> blocks) implements GradientSink {
        @Override
        public boolean wants(int tensor) {
            return sink.wants(tensor);
        }

        @Override
        public Optional<MaskBlock> block(int tensor) {
            return sink.block(tensor);
        }

        @Override
        public void acceptBlock(int tensor, Tensor gradient) {
            MaskBlock block = block(tensor).orElseThrow();
            assertThat(gradient.rows()).isEqualTo(block.rows().length);
            assertThat(gradient.columns()).isEqualTo(block.columns().length);
            blocks.add(tensor);
            sink.acceptBlock(tensor, gradient);
        }

        @Override
        public void accept(int tensor, int example, Tensor gradient) {
            sink.accept(tensor, example, gradient);
        }

        @Override
        public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
            sink.acceptRows(tensor, example, rows, gradient);
        }
    }

    static Stream<String> backends() {
        return Stream.of("reference", "cpu");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void theBlocksGradientIsTheWholeOneGathered(String backend) {
        TinyModel.all().forEach(tiny -> {
            PretrainedModel pretrained = tiny.load();
            TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), true);
            try (TransformerModel model = model(pretrained, backend)) {
                GradientRecorder whole = GradientRecorder.ofBatch(model);
                model.lossAndGradient(batch, 0.5f, whole);
                for (Shape shape : Shape.values()) {
                    MaskIndex index = new MaskIndex(shape.mask(model.layout()));
                    Watched watched = new Watched(new MaskedGradientSink(index, model.backend()), new TreeSet<>());
                    model.lossAndGradient(batch, 0.5f, watched);
                    requireGathered("%s %s".formatted(tiny, shape), index, whole, watched.sink());
                    assertThat(watched.blocks()).as("%s %s", tiny, shape).isEqualTo(productsOf(model, whole, shape));
                }
            }
        });
    }

    /** All matrices but those of which only looked-up rows ever have a gradient. */
    private static Set<Integer> productsOf(TransformerModel model, GradientRecorder whole, Shape shape) {
        Set<Integer> products = new TreeSet<>();
        for (int t = 0; t < model.layout().count(); t++) {
            TensorSpec tensor = model.layout().tensor(t);
            boolean lookedUp = tensor.kind() == TensorKind.EMBEDDING && !whole.wholes.contains(t);
            int[] tuned = IntStream.range(0, tensor.size())
                    .filter(i -> shape.holds(tensor, i))
                    .toArray();
            if (tensor.kind().isMatrix()
                    && tensor.role() != TensorRole.FROZEN
                    && whole.calls.contains(t + "/-1")
                    && tuned.length > 0
                    && !lookedUp) {
                products.add(t);
            }
        }
        return products;
    }

    private static void requireGathered(
            String what, MaskIndex index, GradientRecorder whole, MaskedGradientSink found) {
        for (int t = 0; t < index.layout().count(); t++) {
            double largest = 0;
            for (double g : whole.sums[t]) {
                largest = Math.max(largest, Math.abs(g));
            }
            for (int i = 0; i < index.count(t); i++) {
                int local = index.isFull(t) ? i : index.indices(t)[i];
                assertThat((double) found.gradient()[index.offset(t) + i])
                        .as("%s: %d of %s", what, local, index.layout().tensor(t))
                        .isCloseTo(whole.sums[t][local], within(1e-5 * largest + 1e-8));
            }
        }
    }

    /** Along the gradient of the tuned weights the loss rises by its squared length. */
    @ParameterizedTest
    @MethodSource(ALL)
    void theBlocksGradientIsTheDerivativeOfTheLoss(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        try (TransformerModel model = model(pretrained, "reference")) {
            for (Shape shape : Shape.values()) {
                MaskIndex index = new MaskIndex(shape.mask(model.layout()));
                MaskedGradientSink sink = new MaskedGradientSink(index, model.backend());
                model.lossAndGradient(batch, 1f, sink);
                double squared = 0;
                for (float g : sink.gradient()) {
                    squared += (double) g * g;
                }
                double step = 5e-3 / Math.sqrt(squared);
                double rise = moved(pretrained, index, sink.gradient(), step, batch)
                        - moved(pretrained, index, sink.gradient(), -step, batch);
                assertThat(rise / (2 * step)).as("%s %s", tiny, shape).isCloseTo(squared, within(1e-2 * squared));
            }
        }
    }

    /** Weights outside the mask keep their bits, those that pruning set to 0 too. */
    @ParameterizedTest
    @MethodSource(ALL)
    void trainingMovesNothingOutsideTheMask(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        ParameterLayout layout = pretrained.parameters().layout();
        ParameterMask kept = ToyMasks.random(layout, 6, 0.7).union(ParameterMask.all(layout, TensorRole.FROZEN));
        kept.zeroOutside(pretrained.parameters());
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        for (Shape shape : Shape.values()) {
            ParameterMask mask = shape.mask(layout).intersect(kept);
            MaskIndex index = new MaskIndex(mask);
            float[] start = index.gather(pretrained.parameters());
            try (TransformerModel model = model(pretrained, "cpu")) {
                TrainSettings settings =
                        new TrainSettings(LearningRate.of("constant", 0.01, 9), OptimizerSettings.adamW(), 0);
                float[] trained = new LocalTrainer<>(model, index, settings)
                        .train(new RoundInput(start, OptimizerState.none(), 0, 3, false), step -> List.of(batch))
                        .values();
                assertThat(trained).isNotEqualTo(start);
                requireUntouched(model, pretrained, mask);
            }
        }
    }

    private static void requireUntouched(TransformerModel model, PretrainedModel pretrained, ParameterMask mask) {
        for (int t = 0; t < model.layout().count(); t++) {
            float[] live = new float[model.layout().tensor(t).size()];
            model.backend().download(model.parameter(t), live, 0);
            for (int i = 0; i < live.length; i++) {
                int original = Float.floatToRawIntBits(pretrained.parameters().tensor(t)[i]);
                if (!mask.contains(t, i) && Float.floatToRawIntBits(live[i]) != original) {
                    fail("Weight %d of %s has moved", i, model.layout().tensor(t));
                }
            }
        }
    }

    /** The squares that importance sums need every weight of every example. */
    @ParameterizedTest
    @MethodSource(ALL)
    void gradientsByExampleAreNeverBlocks(TinyModel tiny) {
        PretrainedModel pretrained = tiny.load();
        TokenBatch batch = TinyModel.batch(pretrained, tiny.objective(), false);
        try (TransformerModel model = model(pretrained, "cpu")) {
            GradientRecorder all = new GradientRecorder(model.layout(), model.backend(), batch.examples(), t -> true);
            GradientSink sink = new GradientSink() {
                @Override
                public boolean wants(int tensor) {
                    return true;
                }

                @Override
                public boolean perExample() {
                    return true;
                }

                @Override
                public Optional<MaskBlock> block(int tensor) {
                    throw new AssertionError("a block was asked for");
                }

                @Override
                public void accept(int tensor, int example, Tensor gradient) {
                    all.accept(tensor, example, gradient);
                }

                @Override
                public void acceptRows(int tensor, int example, int[] rows, Tensor gradient) {
                    all.acceptRows(tensor, example, rows, gradient);
                }
            };
            model.lossAndGradient(batch, 1f, sink);
            assertThat(all.wholes).isNotEmpty();
        }
    }

    private static double moved(
            PretrainedModel pretrained, MaskIndex index, float[] direction, double step, TokenBatch batch) {
        float[] values = index.gather(pretrained.parameters());
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * direction[i]);
        }
        try (TransformerModel model = model(pretrained, "reference")) {
            model.write(index, values);
            return model.loss(batch).sum();
        }
    }

    private static TransformerModel model(PretrainedModel pretrained, String backend) {
        return new TransformerModel(pretrained.definition(), BackendProvider.create(backend), pretrained.parameters());
    }
}

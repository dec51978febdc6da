package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.CounterRandom;
import io.sparkpeft.compute.contract.Backends;
import io.sparkpeft.fixture.TestFiles;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.architecture.TransformerConfig;
import io.sparkpeft.model.checkpoint.Checkpoints;
import io.sparkpeft.model.checkpoint.ModelOutline;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.safetensors.LocalCheckpointFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One small model of every family with random weights, loaded for one objective. */
public record TinyModel(String family, Objective objective) {
    private static final int[] LENGTHS = {5, 9, 2, 7, 1};
    private static final List<String> LABELS = List.of("a", "b", "c");

    /** Every family with every objective it has. */
    public static Stream<TinyModel> all() {
        return Stream.of("bert", "distilbert", "gpt2", "llama", "llama-tied")
                .flatMap(family -> Stream.of(
                        new TinyModel(family, Objective.SEQUENCE_CLASSIFICATION),
                        new TinyModel(family, family.endsWith("bert") ? Objective.MASKED_LM : Objective.CAUSAL_LM)));
    }

    /** The names of all backends there are. */
    static Stream<String> backends() {
        return Backends.names();
    }

    static LocalCheckpointFiles files(String family) {
        return new LocalCheckpointFiles(TestFiles.directory("/fixtures").resolve(family + "/model"));
    }

    public PretrainedModel load() {
        try {
            boolean classes = objective == Objective.SEQUENCE_CLASSIFICATION;
            return dropping(Checkpoints.load(files(family), objective, classes ? LABELS : List.of(), 7));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model with dropout in every place that any family has it. */
    private static PretrainedModel dropping(PretrainedModel model) {
        ModelDefinition d = model.definition();
        TransformerConfig c = d.config();
        TransformerConfig dropping = new TransformerConfig(
                c.sizes(),
                c.attention(),
                c.norm(),
                c.feedForward(),
                c.classifier(),
                new TransformerConfig.DropoutRates(0.1f, 0.2f, 0.15f, 0.25f, 0.3f),
                c.weights());
        ModelDefinition definition = new ModelDefinition(d.family(), dropping, d.task(), d.layout(), d.slots());
        ModelOutline outline = model.outline();
        return new PretrainedModel(
                new ModelOutline(definition, outline.config(), outline.storedNames(), outline.report()),
                model.parameters());
    }

    /** Five sequences; one has no target where the objective allows that. */
    public static TokenBatch batch(PretrainedModel model, Objective objective, boolean dropout) {
        TransformerConfig.Sizes sizes = model.definition().config().sizes();
        int[] offsets = new int[LENGTHS.length + 1];
        for (int s = 0; s < LENGTHS.length; s++) {
            offsets[s + 1] = offsets[s] + LENGTHS[s];
        }
        int rows = offsets[LENGTHS.length];
        int[] tokens = draw(1, rows, sizes.vocabulary());
        int[] types = sizes.tokenTypes() > 0 ? draw(2, rows, sizes.tokenTypes()) : new int[0];
        int classes = model.definition().classes(objective);
        int[] labels = draw(3, objective.isLanguageModel() ? rows : LENGTHS.length, classes);
        if (objective.isLanguageModel()) {
            int[] hidden = draw(4, rows, 3);
            for (int r = 0; r < rows; r++) {
                labels[r] = hidden[r] == 0 || (r >= offsets[2] && r < offsets[3]) ? -1 : labels[r];
            }
        }
        long[] keys = dropout ? new long[] {11, 12, 13, 14, 15} : new long[0];
        return new TokenBatch(objective, tokens, types, offsets, labels, keys);
    }

    /** One sequence of a batch by itself. */
    static TokenBatch only(TokenBatch batch, int sequence) {
        int from = batch.offsets()[sequence];
        int to = batch.offsets()[sequence + 1];
        boolean tokens = batch.objective().isLanguageModel();
        return new TokenBatch(
                batch.objective(),
                Arrays.copyOfRange(batch.tokens(), from, to),
                batch.typeIds().length == 0 ? new int[0] : Arrays.copyOfRange(batch.typeIds(), from, to),
                new int[] {0, to - from},
                Arrays.copyOfRange(batch.labels(), tokens ? from : sequence, tokens ? to : sequence + 1),
                batch.exampleKeys().length == 0 ? new long[0] : new long[] {batch.exampleKeys()[sequence]});
    }

    private static int[] draw(long key, int count, int end) {
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            drawn[i] = (int) (CounterRandom.uniform(key, i) * end);
        }
        return drawn;
    }
}

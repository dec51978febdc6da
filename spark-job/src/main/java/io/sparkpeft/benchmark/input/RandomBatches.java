package io.sparkpeft.benchmark.input;

import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.train.BatchSource;
import java.util.ArrayList;
import java.util.List;

/** Batches of random tokens and labels, made beforehand, so that a step that uses them makes none. */
public final class RandomBatches implements BatchSource<TokenBatch> {
    /** Share of the tokens that a masked language model predicts, one in so many. */
    private static final int MASKED_ONE_IN = 7;

    /** Class names of a classifier. */
    public static final List<String> CLASSES = List.of("0", "1");

    private static final long TOKENS = 0x746f6b656e73L;
    private static final long LABELS = 0x6c6162656c73L;

    private final List<List<TokenBatch>> steps = new ArrayList<>();

    /**
     * @param size of one step
     * @param distinct number of different steps, after which they come again
     */
    public RandomBatches(ModelDefinition model, Objective objective, StepSize size, int distinct, long seed) {
        int positions = model.config().sizes().positions();
        if (size.length() > positions) {
            throw new IllegalArgumentException("Invalid --length: %d tokens are more than the %d that the model takes"
                    .formatted(size.length(), positions));
        }
        for (int step = 0; step < distinct; step++) {
            List<TokenBatch> batches = new ArrayList<>();
            int most = Math.max(1, size.microBatchTokens() / size.length());
            for (int from = 0; from < size.examples(); from += most) {
                int count = Math.min(most, size.examples() - from);
                long key = CounterRandom.mix(CounterRandom.mix(seed, step), from);
                batches.add(batch(model, objective, count, size.length(), key));
            }
            steps.add(List.copyOf(batches));
        }
    }

    /**
     * How much goes into a step.
     *
     * @param examples sequences
     * @param length tokens of every sequence
     * @param microBatchTokens most tokens that go through the model at once
     */
    public record StepSize(int examples, int length, int microBatchTokens) {
        public StepSize {
            if (examples < 1 || length < 1 || microBatchTokens < length) {
                throw new IllegalArgumentException(
                        "Invalid step: --batch %d and --length %d must be above 0, and --micro-batch-tokens %d not below --length"
                                .formatted(examples, length, microBatchTokens));
            }
        }
    }

    private static TokenBatch batch(ModelDefinition model, Objective objective, int count, int length, long key) {
        int[] offsets = new int[count + 1];
        int[] tokens = new int[count * length];
        for (int s = 0; s < count; s++) {
            offsets[s + 1] = (s + 1) * length;
        }
        for (int r = 0; r < tokens.length; r++) {
            tokens[r] = draw(
                    CounterRandom.mix(key, TOKENS), r, model.config().sizes().vocabulary());
        }
        int[] labels = new int[objective.isLanguageModel() ? tokens.length : count];
        for (int l = 0; l < labels.length; l++) {
            labels[l] = switch (objective) {
                case SEQUENCE_CLASSIFICATION -> draw(CounterRandom.mix(key, LABELS), l, model.classes(objective));
                case CAUSAL_LM -> (l + 1) % length == 0 ? -1 : tokens[l + 1];
                case MASKED_LM -> l % MASKED_ONE_IN == 0 ? tokens[l] : -1;
            };
        }
        return new TokenBatch(objective, tokens, new int[0], offsets, labels, new long[0]);
    }

    private static int draw(long key, long counter, int bound) {
        return (int) Math.floorMod(CounterRandom.mix(key, counter), (long) bound);
    }

    @Override
    public List<TokenBatch> microBatches(long step) {
        return steps.get((int) (step % steps.size()));
    }
}

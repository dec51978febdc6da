package io.sparkpeft.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.spi.Services;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every averaging rule must do. */
class AveragingRuleContractTest {
    private static final int SIZE = 200;
    private static final float[] START = vector(99);

    static Collection<AveragingRule> rules() {
        return Services.all(AveragingRule.class);
    }

    private static float[] vector(long key) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) (CounterRandom.normal(key, i) * Math.pow(10, i % 9 - 4));
        }
        return values;
    }

    private static List<Contribution> contributions(int shards) {
        List<Contribution> contributions = new ArrayList<>();
        for (int s = 0; s < shards; s++) {
            contributions.add(new Contribution(s, s % 4 == 3 ? 0 : 5 + s * 7, vector(s)));
        }
        return contributions;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void weightsAddUpToOneAndShardsWithoutExamplesHaveNone(AveragingRule rule) {
        for (int shards = 1; shards < 20; shards++) {
            double[] weights = rule.weights(contributions(shards));
            assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
            for (int s = 0; s < shards; s++) {
                assertThat(weights[s] > 0).isEqualTo(s % 4 != 3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theOrderOfArrivalDoesNotChangeABit(AveragingRule rule) {
        List<Contribution> ordered = contributions(9);
        double[] expected = OrderedMean.change(rule, START, ordered);
        for (int key = 0; key < 10; key++) {
            List<Contribution> shuffled = new ArrayList<>();
            for (int s : CounterRandom.permutation(key, 9)) {
                shuffled.add(ordered.get(s));
            }
            assertThat(OrderedMean.change(rule, START, shuffled)).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void averagingRangesIsAveragingTheWhole(AveragingRule rule) {
        double[] whole = OrderedMean.change(rule, START, contributions(6));
        for (int from = 0; from < SIZE; from += 64) {
            int first = from;
            int last = Math.min(SIZE, from + 64);
            List<Contribution> range = contributions(6).stream()
                    .map(c -> new Contribution(
                            c.shard(),
                            c.examples(),
                            Arrays.copyOfRange(c.values().array(), first, last)))
                    .toList();
            assertThat(OrderedMean.change(rule, Arrays.copyOfRange(START, first, last), range))
                    .containsExactly(Arrays.copyOfRange(whole, first, last));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void oneShardGetsBackWhatItComputed(AveragingRule rule) {
        Contribution only = new Contribution(4, 3, vector(5));
        double[] change = OrderedMean.change(rule, START, List.of(only));
        assertThat(OuterStep.PLAIN.apply(START, change, new float[0]).values())
                .containsExactly(only.values().array());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void withoutExamplesNothingChanges(AveragingRule rule) {
        List<Contribution> idle = List.of(new Contribution(0, 0, vector(1)), new Contribution(1, 0, vector(2)));
        assertThat(OrderedMean.change(rule, START, idle)).containsOnly(0.0);
        assertThat(OrderedMean.change(rule, START, List.of())).containsOnly(0.0);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void refusesAShardTwiceAndVectorsOfAnotherLength(AveragingRule rule) {
        Contribution one = new Contribution(1, 3, vector(5));
        assertThatThrownBy(() -> OrderedMean.change(rule, START, List.of(one, one)))
                .hasMessage("Cannot average: shard 1 returned twice");
        assertThatThrownBy(() -> OrderedMean.change(rule, new float[7], List.of(one)))
                .hasMessage("Cannot average: shard 1 returned 200 values instead of 7");
    }
}

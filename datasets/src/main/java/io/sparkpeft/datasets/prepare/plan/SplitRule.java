package io.sparkpeft.datasets.prepare.plan;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.random.CounterRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Which split each example of a corpus belongs to. Every example is in exactly one.
 *
 * @param kind how the choice is made
 * @param shares the splits in order with their shares, which sum to 1
 */
public record SplitRule(Kind kind, List<Share> shares) implements Serializable {
    private static final double TOLERANCE = 1e-9;

    /** How a corpus is divided. */
    public enum Kind {
        /** By place: the first share of the examples in order, then the next. */
        ORDER,
        /** By a seeded hash of the text, so that equal texts are never on both sides. */
        HASH
    }

    /**
     * @param split its name
     * @param share of the corpus in (0, 1]
     */
    public record Share(String split, double share) implements Serializable {}

    public SplitRule {
        shares = List.copyOf(shares);
        double sum = shares.stream().mapToDouble(Share::share).sum();
        boolean positive = shares.stream().allMatch(share -> share.share() > 0);
        if (shares.isEmpty() || !positive || Math.abs(sum - 1) > TOLERANCE) {
            throw DatasetException.config(
                    "Invalid split shares: %s sum to %s; they must be above 0 and sum to 1", shares, sum);
        }
        HashSet<String> names = new HashSet<>();
        for (Share share : shares) {
            if (!share.split().matches("[A-Za-z0-9_-]+") || !names.add(share.split())) {
                throw DatasetException.config("Invalid split name: '%s'", share.split());
            }
        }
    }

    /** The whole corpus is one split. */
    public static SplitRule all(String split) {
        return new SplitRule(Kind.ORDER, List.of(new Share(split, 1.0)));
    }

    /** The last share of the corpus, in order, is held out. */
    public static SplitRule tail(String first, String heldOut, double share) {
        return new SplitRule(Kind.ORDER, List.of(new Share(first, 1 - share), new Share(heldOut, share)));
    }

    /** Random parts with the given shares, which sum to 1; iteration order of the map is the order of the splits. */
    public static SplitRule hash(Map<String, Double> shares) {
        List<Share> list = new ArrayList<>();
        shares.forEach((split, share) -> list.add(new Share(split, share)));
        return new SplitRule(Kind.HASH, list);
    }

    public List<String> splits() {
        return shares.stream().map(Share::split).toList();
    }

    /**
     * Index in {@link #shares} of the split of one text.
     *
     * @param rank place of the text among those kept, from 0
     * @param total number of texts kept
     * @param id hash of the text
     */
    public int split(long rank, long total, long id, long seed) {
        double place = kind == Kind.ORDER ? 0 : CounterRandom.uniform(seed, id);
        double upTo = 0;
        for (int s = 0; s < shares.size() - 1; s++) {
            upTo += shares.get(s).share();
            boolean before = kind == Kind.ORDER ? rank < Math.round(upTo * total) : place < upTo;
            if (before) {
                return s;
            }
        }
        return shares.size() - 1;
    }
}

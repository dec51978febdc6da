package io.sparkpeft.mask.channel;

import io.sparkpeft.mask.Granularity;
import io.sparkpeft.mask.SelectionTask;
import io.sparkpeft.mask.threshold.CountRequest;
import io.sparkpeft.mask.threshold.KeyCounts;
import io.sparkpeft.mask.threshold.SelectionProcess;
import io.sparkpeft.mask.threshold.SelectionRule;
import io.sparkpeft.param.ParameterLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses whole channels, the highest mean score of their candidates first, equal ones by lowest flat index. A channel
 * that no longer fits, into the budget or into what its tensor may have, is passed over for smaller ones further down;
 * so the budget is never exceeded, and in the end no channel left out fits into what is left of it. One pass over the
 * scores; the driver sees one sum a channel.
 */
public final class ChannelSearch implements SelectionProcess {
    private final SelectionTask task;
    private final long[] limits;
    private final int[] offsets;
    private Optional<ChannelRule> rule = Optional.empty();

    /**
     * @param task of a granularity of rows or columns
     * @param limits most weights to choose of every tensor
     * @throws IllegalArgumentException if the task's guards ask for a least share, which whole channels seldom meet
     */
    public ChannelSearch(SelectionTask task, long[] limits) {
        if (task.guards().minimum() > 0) {
            throw new IllegalArgumentException("Cannot choose whole %s: a least density of %s needs single weights"
                    .formatted(name(task.granularity()), task.guards().minimum()));
        }
        this.task = task;
        this.limits = limits.clone();
        this.offsets = offsets(task.candidates().layout(), task.granularity());
    }

    private static int[] offsets(ParameterLayout layout, Granularity granularity) {
        int[] offsets = new int[layout.count() + 1];
        for (int t = 0; t < layout.count(); t++) {
            offsets[t + 1] = Math.addExact(offsets[t], granularity.channels(layout.tensor(t)));
        }
        return offsets;
    }

    private static String name(Granularity granularity) {
        return granularity.name().toLowerCase(Locale.ROOT);
    }

    /** A channel with candidates. */
    private record Channel(int tensor, int number, int size, double mean) {}

    @Override
    public Optional<CountRequest> next() {
        return rule.isPresent() ? Optional.empty() : Optional.of(new ChannelSums(task.granularity(), offsets));
    }

    @Override
    public void accept(KeyCounts sums) {
        List<Channel> channels = channels(sums);
        long found = channels.stream().mapToLong(Channel::size).sum();
        if (found != task.candidates().count()) {
            throw new IllegalStateException("Cannot choose among %d weights: the score slices hold %d"
                    .formatted(task.candidates().count(), found));
        }
        channels.sort(Comparator.comparingDouble(Channel::mean).reversed());
        BitSet[] chosen =
                IntStream.range(0, limits.length).mapToObj(t -> new BitSet()).toArray(BitSet[]::new);
        long left = task.keep();
        for (Channel channel : channels) {
            if (channel.size() <= Math.min(left, limits[channel.tensor()])) {
                chosen[channel.tensor()].set(channel.number());
                limits[channel.tensor()] -= channel.size();
                left -= channel.size();
            }
        }
        if (left == task.keep() && left > 0) {
            throw new IllegalArgumentException("Cannot choose whole %s: none fits into %d weights"
                    .formatted(name(task.granularity()), task.keep()));
        }
        rule = Optional.of(new ChannelRule(task.granularity(), chosen));
    }

    /** In flat order, which sorting keeps among equal means. */
    private List<Channel> channels(KeyCounts sums) {
        List<Channel> channels = new ArrayList<>();
        for (int t = 0; t < limits.length; t++) {
            for (int c = 0; c < offsets[t + 1] - offsets[t]; c++) {
                int size = ChannelSums.size(sums, offsets[t] + c);
                if (size > 0) {
                    channels.add(new Channel(t, c, size, ChannelSums.mean(sums, offsets[t] + c)));
                }
            }
        }
        return channels;
    }

    @Override
    public SelectionRule rule() {
        return rule.orElseThrow(() -> new IllegalStateException("Cannot select: the channels are not known yet"));
    }
}

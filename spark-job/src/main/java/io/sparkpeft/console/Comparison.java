package io.sparkpeft.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The table at the end of a run: what it started from, came to, and what else was tried. */
public final class Comparison {
    private final String metric;
    private final List<Entry> entries = new ArrayList<>();

    /** @param metric the one that decides */
    public Comparison(String metric) {
        this.metric = metric;
    }

    /**
     * One model state.
     *
     * @param state such as before, pruned, tuned or dense
     * @param dev the deciding metric on dev
     * @param test the deciding metric on test
     * @param retention cross-entropy on the general sample, nats per token
     * @param deltaCe its rise since the start
     * @param sparsity share of the body's weights that are 0
     * @param density share of the body's weights that were tuned
     * @param bytes size of what has to be stored or sent: the adapter, or the model
     * @param time it took
     * @param energy it took, as words with the unit; empty where nothing is known
     */
    public record Entry(
            String state,
            OptionalDouble dev,
            OptionalDouble test,
            OptionalDouble retention,
            OptionalDouble deltaCe,
            OptionalDouble sparsity,
            OptionalDouble density,
            OptionalLong bytes,
            Optional<Duration> time,
            String energy) {}

    public Comparison add(Entry entry) {
        entries.add(entry);
        return this;
    }

    public TextTable table() {
        TextTable table = new TextTable(
                "",
                metric + " dev",
                metric + " test",
                "general CE",
                "ΔCE",
                "sparsity",
                "density",
                "size",
                "time",
                "energy");
        for (Entry entry : entries) {
            table.row(
                    entry.state,
                    Amounts.decimal(entry.dev),
                    Amounts.decimal(entry.test),
                    Amounts.decimal(entry.retention),
                    Amounts.difference(entry.deltaCe),
                    share(entry.sparsity),
                    share(entry.density),
                    entry.bytes.isPresent() ? Amounts.bytes(entry.bytes.getAsLong()) : "",
                    entry.time.map(Amounts::time).orElse(""),
                    entry.energy);
        }
        return table;
    }

    private static String share(OptionalDouble share) {
        return share.isPresent() ? Amounts.share(share.getAsDouble()) : "";
    }
}

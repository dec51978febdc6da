package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.input.MaskChoice;
import io.sparkpeft.mask.Granularity;
import picocli.CommandLine.Option;

/** Which weights are tuned. */
final class MaskOptions {
    @Option(
            names = "--density",
            paramLabel = "SHARE",
            description = "Share of the body's weights that are tuned (default 1: all).")
    private double density = 1;

    @Option(
            names = "--criterion",
            paramLabel = "NAME",
            description = "Importance that chooses them: fisher (the default), random or any other.")
    private String criterion = "fisher";

    @Option(
            names = "--granularity",
            paramLabel = "NAME",
            description = "What is chosen: element (the default), rows or columns.")
    private String granularity = "element";

    /** @throws IllegalArgumentException if there is no such choice */
    MaskChoice choice() {
        return new MaskChoice(density, criterion, Choice.of(Granularity.class, "--granularity", granularity));
    }
}

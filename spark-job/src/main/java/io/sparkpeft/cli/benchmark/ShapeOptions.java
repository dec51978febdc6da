package io.sparkpeft.cli.benchmark;

import io.sparkpeft.benchmark.input.ModelShape;
import io.sparkpeft.benchmark.input.ModelSource;
import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.model.Recompute;
import io.sparkpeft.param.FrozenWeights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The shape of the model: a known one, of which any size may be another. */
final class ShapeOptions {
    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "bert-mini (the default), bert-base, gpt2-small or tinystories.")
    private String shape = "bert-mini";

    @Option(names = "--family", paramLabel = "FAMILY", description = "bert, gpt2 or llama; else the shape's.")
    private String family = "";

    @Option(names = "--hidden", paramLabel = "N", description = "Width of the residual stream; else the shape's.")
    private int hidden;

    @Option(names = "--layers", paramLabel = "N", description = "Number of layers; else the shape's.")
    private int layers;

    @Option(names = "--heads", paramLabel = "N", description = "Heads of a layer; else the shape's.")
    private int heads;

    @Option(
            names = "--key-value-heads",
            paramLabel = "N",
            description = "Key and value heads of a layer, for llama; else the shape's, or --heads.")
    private int keyValueHeads;

    @Option(names = "--feed-forward", paramLabel = "N", description = "Width of the feed-forward; else the shape's.")
    private int feedForward;

    @Option(names = "--vocabulary", paramLabel = "N", description = "Number of tokens; else the shape's.")
    private int vocabulary;

    @Option(names = "--positions", paramLabel = "N", description = "Longest sequence; else the shape's.")
    private int positions;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Directory of a checkpoint, used instead of a shape with random weights.")
    private String model = "";

    @Option(names = "--backend", paramLabel = "NAME", description = "What computes: cpu (the default), nd4j or cuda.")
    private String backend = "cpu";

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            description = "Of the factors of matrix products: float32 (the default); with cuda also tf32 or bf16.")
    private String precision = "float32";

    @Option(
            names = "--frozen-weights",
            paramLabel = "TYPE",
            description = "How matrices that are not tuned are held: float32 (the default) or bf16.")
    private String frozen = "float32";

    @Option(
            names = "--recompute",
            paramLabel = "WHAT",
            description = "What backward computes again, for less memory: none (the default), selective or full.")
    private String recompute = "none";

    @Option(names = "--seed", paramLabel = "NUMBER", description = "What weights and data are drawn from (default 42).")
    private long seed = 42;

    /** @throws IllegalArgumentException if there is no such shape or backend */
    ModelSource source() {
        Optional<Path> checkpoint = model.isEmpty() ? Optional.empty() : Optional.of(Path.of(model));
        FrozenWeights held = Choice.of(FrozenWeights.class, "--frozen-weights", frozen);
        Recompute again = Choice.of(Recompute.class, "--recompute", recompute);
        return new ModelSource(shape(), checkpoint, computation(), held, again, seed);
    }

    private BackendChoice computation() {
        Map<String, BackendProvider> known = BackendProvider.all();
        BackendProvider provider = known.get(backend);
        if (provider == null) {
            throw new IllegalArgumentException("Invalid --backend: %s is none of %s%s"
                    .formatted(backend, String.join(", ", known.keySet()), BackendProvider.hint(backend)));
        }
        Precision chosen = Choice.of(Precision.class, "--precision", precision);
        if (!provider.precisions().contains(chosen)) {
            throw new IllegalArgumentException(
                    "Invalid --precision: the backend %s does not know %s".formatted(backend, precision));
        }
        provider.missing().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return new BackendChoice(backend, chosen);
    }

    /** Directory of the checkpoint; empty where the weights are random. */
    String model() {
        return model;
    }

    private ModelShape shape() {
        ModelShape base = ModelShape.named(shape);
        int groups = heads == 0 ? base.keyValueHeads() : heads;
        return new ModelShape(
                family.isEmpty() ? base.family() : family,
                orElse(hidden, base.hidden()),
                orElse(layers, base.layers()),
                orElse(heads, base.heads()),
                orElse(keyValueHeads, groups),
                orElse(feedForward, base.feedForward()),
                orElse(vocabulary, base.vocabulary()),
                orElse(positions, base.positions()));
    }

    private static int orElse(int given, int otherwise) {
        return given == 0 ? otherwise : given;
    }
}

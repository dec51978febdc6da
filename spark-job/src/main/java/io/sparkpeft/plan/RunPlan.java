package io.sparkpeft.plan;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.TrainRecipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Lines;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.source.RoundedWeights;
import io.sparkpeft.round.RoundLimits;
import io.sparkpeft.run.ModeRecipes;
import io.sparkpeft.spark.wire.RoundWire;
import io.sparkpeft.stage.data.ModelInputs;
import io.sparkpeft.stage.train.PhaseLength;
import io.sparkpeft.store.RunDirectory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/**
 * What a run would do and need. Reading it checks the model, the tokenizer, the data and the run directory as far as that
 * goes without doing the work; nothing is written.
 */
public final class RunPlan {
    private final Recipe recipe;
    private final String state;
    private final PlannedModel model;
    private final PlannedData data;
    private final PlannedPhases phases;
    /** Weights that the mode which tunes most of them tunes: the recipe's own, or a baseline. */
    private final long mostTuned;

    private RunPlan(
            Recipe recipe, String state, PlannedModel model, PlannedData data, PlannedPhases phases, long mostTuned) {
        this.recipe = recipe;
        this.state = state;
        this.model = model;
        this.data = data;
        this.phases = phases;
        this.mostTuned = mostTuned;
    }

    /**
     * Makes the plan.
     *
     * @param conf the settings of Spark that the run would have
     * @throws JobException if the run could not be started
     */
    public static RunPlan of(Recipe wanted, SparkConf conf, Configuration configuration) {
        Recipe recipe = ModeRecipes.of(wanted, wanted.train().mode());
        ModelInputs inputs = ModelInputs.read(recipe, configuration);
        PlannedData data = PlannedData.read(wanted, inputs, configuration);
        PlannedModel model = PlannedModel.read(recipe, inputs, labels(recipe, data), configuration);
        PlannedPhases phases = PlannedPhases.of(recipe, model.layout());
        long mostTuned = wanted.evaluate().baselines().stream()
                .mapToLong(mode -> PlannedPhases.of(ModeRecipes.of(wanted, mode), model.layout())
                        .mostTuned())
                .reduce(phases.mostTuned(), Math::max);
        RoundLimits.require(
                conf, mostTuned, recipe.data().shards(), recipe.train().moments());
        return new RunPlan(recipe, state(wanted, configuration), model, data, phases, mostTuned);
    }

    private static Optional<List<String>> labels(Recipe recipe, PlannedData data) {
        if (recipe.task().type().isLanguageModel()) {
            return Optional.of(List.of());
        }
        return recipe.task().labels().isEmpty()
                ? data.labels()
                : Optional.of(recipe.task().labels());
    }

    /** In words; that a directory cannot be used stops no plan, since a start anew might replace what is in it. */
    private static String state(Recipe recipe, Configuration configuration) {
        try {
            return switch (RunDirectory.state(recipe, configuration)) {
                case NEW -> "new";
                case INTERRUPTED -> "interrupted: the run goes on where it stopped";
                case DONE, GATE_NOT_MET -> "finished: nothing is left to do";
            };
        } catch (JobException e) {
            return e.getMessage();
        }
    }

    /** The plan in words. */
    public List<String> lines() {
        Lines lines = new Lines().title("plan of " + recipe.name());
        lines.add(
                "task",
                "%s, mode %s, decided by %s"
                        .formatted(
                                Names.value(recipe.task().type()),
                                recipe.train().mode().key(),
                                recipe.metric().key()));
        lines.add("run directory", recipe.outputDirectory() + ": " + state);
        model.describe(recipe, lines);
        data.describe(lines);
        if (phases.phases().stream().anyMatch(phase -> phase.pruned() > 0)) {
            lines.add("pruning", "by " + recipe.prune().criterion());
        }
        phases.describe(model.layout(), lines);
        describeRounds(lines);
        if (!recipe.evaluate().baselines().isEmpty()) {
            lines.add(
                    "baselines",
                    recipe.evaluate().baselines().stream()
                            .map(mode -> mode.key())
                            .collect(Collectors.joining(", ")));
        }
        describeMemory(lines);
        return lines.close();
    }

    /** Local steps of a shard in a phase, where they are known. */
    private OptionalLong steps() {
        TrainRecipe train = recipe.train();
        if (train.steps() > 0) {
            return OptionalLong.of(train.steps());
        }
        return data.train()
                .map(examples -> OptionalLong.of(
                        PhaseLength.steps(train, Math.max(1, examples.stepsPerEpoch(train.batchSize())))))
                .orElse(OptionalLong.empty());
    }

    private boolean averagesMoments() {
        return recipe.train().moments().areAveraged();
    }

    private void describeRounds(Lines lines) {
        TrainRecipe train = recipe.train();
        OptionalLong steps = steps();
        lines.add(
                "steps",
                steps.isPresent()
                        ? "%,d of %d examples on each of %d shards, a phase; %,d rounds of %d"
                                .formatted(
                                        steps.getAsLong(),
                                        train.batchSize(),
                                        recipe.data().shards(),
                                        PhaseLength.rounds(train, steps.getAsLong()),
                                        train.localSteps())
                        : "%s passes over the examples on %d shards, a phase; rounds of %d steps of %d examples"
                                .formatted(
                                        train.epochs(), recipe.data().shards(), train.localSteps(), train.batchSize()));
        lines.add(
                "a round moves",
                "at most %s to each worker and as much back from each shard (%s of %,d tuned weights)%s"
                        .formatted(
                                message(phases.mostTuned()),
                                averagesMoments() ? "values and two moments" : "values",
                                phases.mostTuned(),
                                mostTuned == phases.mostTuned()
                                        ? ""
                                        : "; of a baseline at most %s".formatted(message(mostTuned))));
    }

    private String message(long weights) {
        return Amounts.bytes(RoundWire.length(weights, recipe.train().moments().bytes()));
    }

    /** Weights of the tensors that some mode of the run may tune and that are not packed. */
    private long tunable() {
        boolean headAlone = recipe.train().mode() == TrainMode.HEAD_ONLY
                && recipe.evaluate().baselines().stream().allMatch(TrainMode.HEAD_ONLY::equals);
        return model.layout().tensors().stream()
                .filter(tensor -> tensor.role() == TensorRole.HEAD || (tensor.role() == TensorRole.BODY && !headAlone))
                .filter(tensor -> !isPacked(tensor))
                .mapToLong(TensorSpec::size)
                .sum();
    }

    /** Weights of the tensors that may be held in half the memory. */
    private long packed() {
        return model.layout().tensors().stream()
                .filter(this::isPacked)
                .mapToLong(TensorSpec::size)
                .sum();
    }

    private boolean isPacked(TensorSpec tensor) {
        return recipe.model().frozenWeights() == FrozenWeights.BF16 && RoundedWeights.rounds(tensor);
    }

    private void describeMemory(Lines lines) {
        boolean predictsTokens = recipe.task().type().isLanguageModel()
                || !recipe.evaluate().retention().isEmpty()
                || !recipe.importance().generic().isEmpty();
        MemoryEstimate memory = new MemoryEstimate(
                model.layout().size(),
                tunable(),
                packed(),
                mostTuned,
                averagesMoments() ? 3 : 1,
                Math.max(recipe.train().microBatchTokens(), model.inputs().maxLength()),
                model.inputs().maxLength(),
                predictsTokens ? model.inputs().config().sizes().vocabulary() : 0,
                model.largestTensor(),
                recipe.train().recompute(),
                model.inputs().config());
        lines.add(
                "memory",
                "at most %s an executor of one task (%s of it for %,d tokens at once), %s more for each further task, %s the driver; %s of local disk on each machine"
                        .formatted(
                                Amounts.bytes(memory.executor(1)),
                                Amounts.bytes(memory.microBatch()),
                                memory.tokens(),
                                Amounts.bytes(memory.executor(2) - memory.executor(1)),
                                Amounts.bytes(memory.driver(recipe.data().shards())),
                                Amounts.bytes(memory.base())));
    }
}

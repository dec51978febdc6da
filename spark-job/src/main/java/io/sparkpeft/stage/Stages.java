package io.sparkpeft.stage;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.choice.TrainMode;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.profile.Stage;
import io.sparkpeft.run.BatchPlans;
import io.sparkpeft.run.Exported;
import io.sparkpeft.run.Gate;
import io.sparkpeft.run.Journal;
import io.sparkpeft.run.Measurement;
import io.sparkpeft.run.ModeRecipes;
import io.sparkpeft.run.Outcome;
import io.sparkpeft.run.Phase;
import io.sparkpeft.run.PhasePlan;
import io.sparkpeft.run.Recorder;
import io.sparkpeft.run.RunContext;
import io.sparkpeft.spark.ShardedData;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateFiles;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.spark.model.TunedValues;
import io.sparkpeft.spark.model.WeightsInUse;
import io.sparkpeft.stage.data.RunData;
import io.sparkpeft.stage.evaluate.EvaluateModel;
import io.sparkpeft.stage.export.ExportModel;
import io.sparkpeft.stage.importance.EstimateImportance;
import io.sparkpeft.stage.importance.ImportanceSamples;
import io.sparkpeft.stage.mask.ChooseMasks;
import io.sparkpeft.stage.train.ExchangeWeights;
import io.sparkpeft.stage.train.RoundListener;
import io.sparkpeft.stage.train.RoundState;
import io.sparkpeft.stage.train.TrainRounds;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The stages of a run in one mode. Each is done once: its result is written down, and a run that is started again reads
 * it there.
 */
public final class Stages {
    private final RunContext run;
    private final Recipe recipe;
    private final String mode;
    private final Journal journal;
    private final Storage artefacts;
    private final BatchPlans plans;
    private final ChooseMasks masks;
    private final EvaluateModel evaluator;

    public Stages(RunContext run, Recipe recipe) {
        this.run = run;
        this.recipe = recipe;
        this.mode = recipe.train().mode().key();
        Storage journals = run.directory().storage().directory(RunDirectory.STAGES);
        Storage files = run.directory().storage().directory(RunDirectory.ARTEFACTS);
        this.journal = new Journal(journals.directory(mode), run.directory().places());
        this.artefacts = files.directory(mode);
        this.plans = new BatchPlans(recipe, run.inputs().masking());
        EstimateImportance importance = new EstimateImportance(
                run.cluster(), new Journal(journals, run.directory().places()), files, recipe.seed());
        this.masks = new ChooseMasks(
                recipe, run.cluster(), new ImportanceSamples(recipe, run.data(), importance, plans, run.pretraining()));
        this.evaluator = new EvaluateModel(run, recipe, plans);
    }

    public Recipe recipe() {
        return recipe;
    }

    /** The same run in another mode. */
    public Stages forMode(TrainMode other) {
        run.progress().say("baseline: " + other.key());
        return new Stages(run, ModeRecipes.of(recipe, other));
    }

    /** Does all work of the mode, so that what it uses can be told from the other modes'. */
    public <T> T whole(Supplier<T> work) {
        return run.cluster().profile().mode(mode, work);
    }

    /** The model as it came. */
    public ModelState openBase() {
        return ModelState.of(run.reference());
    }

    /** The state with the least important weights set to 0; the same state where nothing more is to be pruned. */
    public ModelState prune(PhasePlan plan, ModelState start) {
        if (plan.sparsity() <= plan.accepted()) {
            return start;
        }
        return once(Stage.MASK, plan, "pruned", ModelState.class, () -> {
            run.progress().say("%s: choosing the weights to prune, sparsity %.4f".formatted(mode, plan.sparsity()));
            ParameterMask kept = masks.prune(start, weights(start), plan.sparsity());
            return start.withPruneMask(StateFiles.writeMask(artefacts, phase(plan, "prune.mask"), kept));
        });
    }

    /** The update mask of a phase: weights of the body that importance chooses, and the task head. */
    public Artefact chooseUpdateMask(PhasePlan plan, ModelState pruned) {
        return once(Stage.MASK, plan, "update", Artefact.class, () -> {
            ParameterMask mask = updateMask(pruned, weights(pruned));
            return StateFiles.writeMask(artefacts, phase(plan, "update.mask"), mask);
        });
    }

    private ParameterMask updateMask(ModelState pruned, StateWeights weights) {
        return switch (recipe.train().mode()) {
            case DENSE, PRETRAIN -> UpdateMasks.allThatRemains(weights.kept());
            case HEAD_ONLY -> UpdateMasks.headOnly(weights.layout());
            case MASKED, RANDOM_MASK -> {
                if (recipe.update().isAllThatRemains()) {
                    yield UpdateMasks.allThatRemains(
                            weights.kept(), recipe.update().tensors().filter());
                }
                run.progress()
                        .say("%s: choosing the weights to tune, density %.4f"
                                .formatted(mode, recipe.update().density()));
                yield masks.update(pruned, weights);
            }
        };
    }

    /** The state after the rounds of a phase. */
    public ModelState tune(PhasePlan plan, ModelState pruned, Artefact updateMask) {
        return once(Stage.TRAIN, plan, "tuned", ModelState.class, () -> {
            StateWeights before = weights(pruned);
            MaskIndex index = new MaskIndex(StateFiles.readMask(
                    updateMask, before.layout(), run.cluster().hadoopConfiguration()));
            TrainRounds.Job job = new TrainRounds.Job(
                    mode + "/phase-" + plan.number(),
                    pruned,
                    ShardedData.of(run.data().task(), RunData.TRAIN, 0),
                    plans.training(run.data().task().manifest().split(RunData.TRAIN)));
            RoundState start = RoundState.start(updateMask, index, before.gather(index));
            ExchangeWeights exchange = new ExchangeWeights(
                    recipe.refine().dropAndGrow(),
                    masks,
                    artefacts,
                    pruned,
                    before,
                    run.reference().fingerprint());
            RoundListener listener = new RoundListener(run, recipe, plan.number(), job, evaluator);
            TunedValues tuned = new TrainRounds(run.cluster(), run.directory().checkpoints(), recipe)
                    .run(job, start, exchange, listener);
            TunedValues all = before.with(tuned);
            SparseDelta delta =
                    SparseDelta.of(run.reference().fingerprint(), all.index(), all.values(), ValueType.F32, Map.of());
            return pruned.withDelta(StateFiles.writeDelta(artefacts, phase(plan, "tuned.delta"), delta));
        });
    }

    /** Measures a state on dev, and on the generic sample where there is one. */
    public Measurement evaluateBase(ModelState base) {
        return measure("before", "before", 0, base, RunData.DEV);
    }

    /** The same of a phase's model right after pruning. */
    public Measurement evaluatePruned(PhasePlan plan, ModelState pruned) {
        return measure("phase-%d/pruned".formatted(plan.number()), "pruned", plan.number(), pruned, RunData.DEV);
    }

    /** The same of a phase's model after tuning. */
    public Measurement evaluateTuned(PhasePlan plan, ModelState tuned) {
        return measure("phase-%d/tuned".formatted(plan.number()), "tuned", plan.number(), tuned, RunData.DEV);
    }

    private Measurement measure(String what, String name, int phase, ModelState state, String split) {
        Measurement measured = run.cluster()
                .describe(
                        "%s %s".formatted(mode, what.replace('-', ' ').replace('/', ' ')),
                        () -> journal.once(
                                "evaluation-" + what,
                                Measurement.class,
                                () -> evaluator.measure(WeightsInUse.of(state), split)));
        run.recorder().evaluation(new Recorder.Evaluated(mode, phase, 0, name, split), measured);
        return measured;
    }

    /** Shows how a phase came out. */
    public void report(Phase phase, Gate.Verdict verdict) {
        run.progress().phase(recipe.train().mode(), phase, verdict);
    }

    /**
     * Measures the accepted state on the test split, where there is one, and checks and writes what came out.
     *
     * @param isResult whether it is the result of the run; of a baseline only the sizes are of interest
     */
    public Outcome end(Outcome outcome, boolean isResult) {
        ModelState state = outcome.accepted();
        Optional<Measurement> test = run.data().task().manifest().hasSplit(RunData.TEST)
                ? Optional.of(measure("test", "final", 0, state, RunData.TEST))
                : Optional.empty();
        Exported exported = once(Stage.EXPORT, "exported", Exported.class, () -> {
            run.progress().say("%s: checking %s".formatted(mode, isResult ? "and writing model and adapter" : "bits"));
            return new ExportModel(run, recipe).export(state, isResult);
        });
        return outcome.endedWith(
                new Outcome.Ending(test, exported, run.recorder().secondsOfRounds(mode)));
    }

    private <T> T once(Stage stage, PhasePlan plan, String what, Class<T> type, Supplier<T> work) {
        String description = "%s phase %d".formatted(mode, plan.number());
        return run.cluster().describe(description, () -> once(stage, phase(plan, what), type, work));
    }

    private <T> T once(Stage stage, String name, Class<T> type, Supplier<T> work) {
        return run.cluster().profile().stage(stage, () -> journal.once(name, type, work));
    }

    private StateWeights weights(ModelState state) {
        return StateWeights.open(run.base().weights(), state, run.cluster().hadoopConfiguration());
    }

    private static String phase(PhasePlan plan, String what) {
        return "phase-%d-%s".formatted(plan.number(), what);
    }
}

package io.sparkpeft.stage.train;

import io.sparkpeft.config.RefineRecipe;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.mask.refine.DropShare;
import io.sparkpeft.mask.refine.MaskExchange;
import io.sparkpeft.mask.refine.MaskRefiner;
import io.sparkpeft.mask.refine.MaskTransfer;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateFiles;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.spark.model.TunedValues;
import io.sparkpeft.stage.mask.ChooseMasks;
import io.sparkpeft.store.file.Storage;
import java.util.Map;

/**
 * Drop-and-grow between two rounds: the tuned weights that changed least are given up, which puts their values of the
 * phase's start back, and as many others, the most important for the model as it is now, are tuned from then on.
 */
public final class ExchangeWeights implements TrainRounds.Exchange {
    private static final String REFINER = "drop-and-grow";

    private final RefineRecipe.DropAndGrow recipe;
    private final ChooseMasks masks;
    private final Storage artefacts;
    private final ModelState start;
    private final StateWeights startWeights;
    private final String baseFingerprint;

    public ExchangeWeights(
            RefineRecipe.DropAndGrow recipe,
            ChooseMasks masks,
            Storage artefacts,
            ModelState start,
            StateWeights startWeights,
            String baseFingerprint) {
        this.recipe = recipe;
        this.masks = masks;
        this.artefacts = artefacts;
        this.start = start;
        this.startWeights = startWeights;
        this.baseFingerprint = baseFingerprint;
    }

    /** Exchanges weights where it is time to, which it never is after the last round. */
    @Override
    public RoundState after(String job, RoundState state, int rounds) {
        boolean due = !recipe.isOff() && state.round() % recipe.everyRounds() == 0 && state.round() < rounds;
        return due ? exchange(job.replace('/', '-'), state, rounds) : state;
    }

    /** @param name of the phase, for the names of files */
    private RoundState exchange(String name, RoundState state, int rounds) {
        MaskIndex index = state.index();
        float[] change = startWeights.gather(index);
        for (int i = 0; i < change.length; i++) {
            change[i] = state.values()[i] - change[i];
        }
        ParameterMask candidates = masks.updateCandidates(startWeights);
        double share = DropShare.cosine(recipe.share(), (double) state.round() / rounds);
        MaskExchange exchange = MaskRefiner.named(REFINER).start(index, change, candidates, share);
        if (exchange.growth().keep() == 0) {
            // Importance of all weights, to choose none by, would cost a pass over the samples.
            return state;
        }
        String file = "%s-round-%d".formatted(name, state.round());
        ParameterMask exchanged = exchange.finish(masks.grow(current(file, state), exchange.growth()));
        Artefact mask = StateFiles.writeMask(artefacts, file + "-update.mask", exchanged);
        MaskIndex next = new MaskIndex(exchanged);
        MaskTransfer transfer = new MaskTransfer(index, next);
        float[] zeros = new float[next.size()];
        OptimizerState moments = state.moments().isNone()
                ? OptimizerState.none()
                : new OptimizerState(
                        transfer.carry(state.moments().first(), zeros),
                        transfer.carry(state.moments().second(), zeros));
        float[] velocity = state.velocity().length == 0 ? RoundState.NONE : transfer.carry(state.velocity(), zeros);
        float[] values = transfer.carry(state.values(), startWeights.gather(next));
        return new RoundState(state.round(), mask, next, values, moments, velocity);
    }

    /** The model as it is now, as a state that executors can open. */
    private ModelState current(String file, RoundState state) {
        TunedValues all = startWeights.with(new TunedValues(state.index(), state.values()));
        SparseDelta delta = SparseDelta.of(baseFingerprint, all.index(), all.values(), ValueType.F32, Map.of());
        return start.withDelta(StateFiles.writeDelta(artefacts, file + "-current.delta", delta));
    }
}

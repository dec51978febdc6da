package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.layer.Embeddings;
import io.sparkpeft.model.layer.Normalisation;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.PredictionHead;
import io.sparkpeft.model.layer.ResidualBlock;
import io.sparkpeft.model.layer.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The transformer from bottom to top: embeddings, residual blocks, final normalisation, one head per objective. Only
 * the last block's attention mixes positions, so its feed-forward block and all above it see the targets' rows alone.
 * Backward stops below the lowest tensor whose gradient is wanted, and forward keeps nothing that lies below it.
 *
 * @param embeddings level 0
 * @param blocks levels 1 to n
 * @param finalNorm level n + 1, where there is one
 * @param heads level n + 2
 * @param hidden width of the residual stream
 */
record Network(
        Embeddings embeddings,
        List<ResidualBlock> blocks,
        Optional<Normalisation> finalNorm,
        Map<Objective, PredictionHead> heads,
        int hidden) {

    /**
     * A batch on its way.
     *
     * @param tokens what is read
     * @param rows all rows
     * @param targets the rows that the head reads
     */
    record Input(TokenBatch tokens, Rows rows, Targets targets) {
        PredictionHead head(Map<Objective, PredictionHead> heads) {
            return heads.get(tokens.objective());
        }
    }

    int headLevel() {
        return blocks.size() + 2;
    }

    /** The lowest level with a tensor whose gradient is wanted; above the head's where none is. */
    int lowestWanted(Pass pass, Objective objective) {
        if (pass.wantsAny(embeddings.weights())) {
            return 0;
        }
        for (int b = 0; b < blocks.size(); b++) {
            if (pass.wantsAny(blocks.get(b).weights())) {
                return b + 1;
            }
        }
        if (finalNorm.isPresent() && pass.wantsAny(finalNorm.get().weights())) {
            return blocks.size() + 1;
        }
        return pass.wantsAny(heads.get(objective).weights()) ? headLevel() : headLevel() + 1;
    }

    /**
     * The logits of the targets, [targets, classes].
     *
     * @param lowest level that backward will reach
     */
    Tensor forward(Pass pass, Input input, int lowest) {
        Tensor states = throughBlocks(pass, input, lowest, blocks.size() - 1);
        return input.head(heads).forward(pass, input.targets().rows(), normed(pass, states));
    }

    /** The logits, every layer but the head having seen all rows. */
    Tensor forwardAllRows(Pass pass, Input input) {
        Tensor states = throughBlocks(pass, input, headLevel() + 1, blocks.size());
        return input.head(heads).forward(pass, input.targets().rows(), normed(pass, states));
    }

    /** The hidden states of all rows after the final normalisation, [rows, hidden]. */
    Tensor hiddenStates(Pass pass, Input input) {
        return normed(pass, throughBlocks(pass, input, headLevel() + 1, blocks.size() + 1));
    }

    private Tensor normed(Pass pass, Tensor states) {
        if (finalNorm.isEmpty()) {
            return states;
        }
        Tensor normed = pass.take(states.rows(), hidden);
        finalNorm.get().forward(pass, states, normed);
        return normed;
    }

    /**
     * Runs embeddings and blocks.
     *
     * @param narrowAt number of the block that sees the targets' rows only, the number of blocks for the head alone
     */
    private Tensor throughBlocks(Pass pass, Input input, int lowest, int narrowAt) {
        Arena arena = pass.arena();
        Rows rows = input.rows();
        Tensor states = pass.take(rows.count(), hidden);
        Tensor spare = pass.take(rows.count(), hidden);
        Arena.Mark below = arena.mark();
        embeddings.forward(pass, rows, input.tokens(), states);
        if (lowest > 0) {
            arena.release(below);
        }
        for (int b = 0; b < blocks.size(); b++) {
            boolean kept = lowest <= b + 1;
            if (b == narrowAt) {
                states = narrow(pass, input, states);
                rows = input.targets().rows();
                spare = pass.take(rows.count(), hidden);
            }
            Tensor output = kept ? pass.take(rows.count(), hidden) : spare;
            Arena.Mark mark = arena.mark();
            pass.keep(kept);
            blocks.get(b).forward(pass, rows, states, output);
            if (!kept) {
                arena.release(mark);
                spare = states;
            }
            states = output;
        }
        return narrowAt == blocks.size() ? narrow(pass, input, states) : states;
    }

    private Tensor narrow(Pass pass, Input input, Tensor states) {
        Tensor narrowed = pass.take(input.targets().count(), hidden);
        pass.backend().gatherRows(states, input.targets().ids(), narrowed);
        return narrowed;
    }

    /** Backward after {@link #forward} with the same lowest level, from the gradient of the logits. */
    void backward(Pass pass, Input input, Tensor logitsGradient, int lowest) {
        Rows rows = input.targets().rows();
        PredictionHead head = input.head(heads);
        if (lowest >= headLevel()) {
            head.backward(pass, rows, logitsGradient, Optional.empty());
            return;
        }
        Tensor gradient = pass.take(rows.count(), hidden);
        head.backward(pass, rows, logitsGradient, Optional.of(gradient));
        if (finalNorm.isPresent()) {
            finalNorm.get().gradients(pass, rows, gradient);
            if (lowest > blocks.size()) {
                return;
            }
            Tensor below = pass.take(rows.count(), hidden);
            finalNorm.get().inputGradient(pass, gradient, below);
            gradient = below;
        }
        for (int b = blocks.size() - 1; b >= 0 && lowest <= b + 1; b--) {
            blocks.get(b).backward(pass, rows, gradient, lowest <= b);
            if (b == blocks.size() - 1 && lowest <= b) {
                gradient = widen(pass, input, gradient);
                rows = input.rows();
            }
        }
        if (lowest == 0) {
            embeddings.backward(
                    pass,
                    rows,
                    input.tokens(),
                    gradient,
                    head.tiedUse(input.targets().rows(), logitsGradient));
        }
    }

    private Tensor widen(Pass pass, Input input, Tensor narrowed) {
        Tensor gradient = pass.arena().takeZeros(input.rows().count(), hidden);
        pass.backend().scatterAddRows(narrowed, input.targets().ids(), gradient);
        return gradient;
    }
}

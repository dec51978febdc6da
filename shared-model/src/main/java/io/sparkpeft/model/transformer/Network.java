package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.layer.Embeddings;
import io.sparkpeft.model.layer.Flow;
import io.sparkpeft.model.layer.Normalisation;
import io.sparkpeft.model.layer.Pass;
import io.sparkpeft.model.layer.Rows;
import io.sparkpeft.model.layer.TokenTable;
import io.sparkpeft.model.layer.block.LabelLoss;
import io.sparkpeft.model.layer.block.PredictionHead;
import io.sparkpeft.model.layer.block.ResidualBlock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The transformer from bottom to top: embeddings, residual blocks, final normalisation, one head per objective. After
 * the last attention no position sees another, so what comes out of it, and all above it, are the targets' rows alone.
 * Backward stops below the lowest tensor whose gradient is wanted, and forward keeps nothing that lies below it. Where
 * memory counts more than time, forward keeps less, and backward computes the rest again, to the same bits: of every block
 * below the last layer its input only (Chen et al. 2016, arXiv 1604.06174), or what blocks say themselves.
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
     * @param blockInputs what each block read, written by forward
     */
    record Input(TokenBatch tokens, Rows rows, Targets targets, Tensor[] blockInputs) {
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
        Tensor states = throughBlocks(pass, input, lowest, narrowAt(input));
        return input.head(heads).forward(pass, input.targets().rows(), normed(pass, states));
    }

    /** All of forward but the logits; the head prepared to give them by parts. */
    PredictionHead forwardToHead(Pass pass, Input input, int lowest) {
        Tensor states = throughBlocks(pass, input, lowest, narrowAt(input));
        PredictionHead head = input.head(heads);
        head.prepare(pass, input.targets().rows(), normed(pass, states));
        return head;
    }

    /** The logits, every layer but the head having seen all rows. */
    Tensor forwardAllRows(Pass pass, Input input) {
        Tensor states = throughBlocks(pass, input, headLevel() + 1, blocks.size());
        return input.head(heads).forward(pass, input.targets().rows(), normed(pass, states));
    }

    /** Shows the sink the inputs of all linear layers, every layer but the head having seen all rows. */
    void observe(Pass pass, Input input) {
        Tensor states = throughBlocks(pass, input, headLevel() + 1, blocks.size());
        input.head(heads).observe(pass, input.targets().rows(), normed(pass, states));
    }

    /** The hidden states of all rows after the final normalisation, [rows, hidden]. */
    Tensor hiddenStates(Pass pass, Input input) {
        return normed(pass, throughBlocks(pass, input, headLevel() + 1, blocks.size() + 1));
    }

    /**
     * Number of the block from which on only the targets' rows go on: the last attention where they are few, else the
     * feed-forward block after it, since rows that are taken out must be copied.
     */
    private int narrowAt(Input input) {
        boolean few = 2L * input.targets().count() <= input.rows().count();
        int attention = blocks.size() - 2;
        return few && blocks.get(attention).canNarrow() ? attention : blocks.size() - 1;
    }

    private Flow flow(Input input, int block, int narrowAt) {
        if (block == narrowAt && blocks.get(block).canNarrow()) {
            return new Flow(
                    input.rows(), input.targets().rows(), input.targets().ids());
        }
        return Flow.all(block < narrowAt ? input.rows() : input.targets().rows());
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
        Tensor states = pass.take(input.rows().count(), hidden);
        Tensor spare = pass.take(input.rows().count(), hidden);
        if (pass.recomputesSelectively() && blocks.get(0).normsInput()) {
            pass.takePassing(input.rows().count(), hidden);
        }
        Arena.Mark below = arena.mark();
        embeddings.forward(pass, input.rows(), input.tokens(), states);
        if (lowest > 0) {
            arena.release(below);
        }
        for (int b = 0; b < blocks.size(); b++) {
            boolean kept = lowest <= b + 1;
            Flow flow = flow(input, b, narrowAt);
            if (b == narrowAt) {
                states = flow.narrows() ? states : narrow(pass, input, states);
                spare = pass.take(flow.kept().count(), hidden);
            }
            Tensor output = kept ? pass.take(flow.kept().count(), hidden) : spare;
            Arena.Mark mark = arena.mark();
            pass.keep(kept);
            input.blockInputs()[b] = states;
            blocks.get(b).forward(pass, flow, states, output);
            if (!kept || recomputes(pass, b)) {
                arena.release(mark);
            }
            if (!kept) {
                spare = flow.narrows() ? pass.take(flow.kept().count(), hidden) : states;
            }
            states = output;
        }
        return narrowAt == blocks.size() ? narrow(pass, input, states) : states;
    }

    /** Whether forward does not keep what backward needs of a block; it keeps the last layer's, which are needed at once. */
    private boolean recomputes(Pass pass, int block) {
        return pass.recomputesFully() && block < blocks.size() - 2;
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
        backward(pass, input, lowest, target -> {
            head.backward(pass, rows, logitsGradient, target);
            return head.tiedUse(rows, logitsGradient);
        });
    }

    /** Backward after {@link #forwardToHead} with the same lowest level, some rows of logits at a time. */
    void backwardByParts(Pass pass, Input input, int lowest, LabelLoss loss, int rowsAtOnce) {
        backward(pass, input, lowest, target -> {
            input.head(heads).lossAndGradients(pass, input.targets().rows(), loss, rowsAtOnce, target);
            return Optional.empty();
        });
    }

    /** Backward through the head. */
    private interface HeadBackward {
        /**
         * @param inputGradient written, where it is needed
         * @return the use of the token table whose gradient is still to be taken
         */
        Optional<TokenTable.TiedUse> run(Optional<Tensor> inputGradient);
    }

    private void backward(Pass pass, Input input, int lowest, HeadBackward head) {
        Rows rows = input.targets().rows();
        if (lowest >= headLevel()) {
            head.run(Optional.empty());
            return;
        }
        Tensor gradient = pass.take(rows.count(), hidden);
        Optional<TokenTable.TiedUse> tied = head.run(Optional.of(gradient));
        if (finalNorm.isPresent()) {
            finalNorm.get().gradients(pass, rows, gradient);
            if (lowest > blocks.size()) {
                return;
            }
            Tensor below = pass.take(rows.count(), hidden);
            finalNorm.get().inputGradient(pass, gradient, below);
            gradient = below;
        }
        int narrowAt = narrowAt(input);
        for (int b = blocks.size() - 1; b >= 0 && lowest <= b + 1; b--) {
            Flow flow = flow(input, b, narrowAt);
            gradient = backward(pass, input, b, flow, gradient, lowest <= b);
            if (b == narrowAt && !flow.narrows() && lowest <= b) {
                gradient = widen(pass, input, gradient);
            }
        }
        if (lowest == 0) {
            embeddings.backward(pass, input.rows(), input.tokens(), gradient, tied);
        }
    }

    /** The gradient of a block's input, from that of its output. */
    private Tensor backward(Pass pass, Input input, int block, Flow flow, Tensor gradient, boolean needsInput) {
        if (!recomputes(pass, block)) {
            return blocks.get(block).backward(pass, flow, gradient, needsInput);
        }
        Arena.Mark mark = pass.arena().mark();
        pass.keep(true);
        blocks.get(block)
                .forward(
                        pass,
                        flow,
                        input.blockInputs()[block],
                        pass.take(flow.kept().count(), hidden));
        // Without narrowing the gradient stays where it was, below the mark.
        Tensor below = blocks.get(block).backward(pass, flow, gradient, needsInput);
        pass.arena().release(mark);
        return below;
    }

    private Tensor widen(Pass pass, Input input, Tensor narrowed) {
        Tensor gradient = pass.arena().takeZeros(input.rows().count(), hidden);
        pass.backend().scatterAddRows(narrowed, input.targets().ids(), gradient);
        return gradient;
    }
}

package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.model.TokenBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** dropout(norm(token + position + token type)), of which all but the token may be absent. */
public final class Embeddings {
    private final Tables tables;
    private final Optional<Normalisation> norm;
    private final float dropout;
    private final int site;

    /**
     * @param dropout of the result
     * @param site of that dropout
     */
    public Embeddings(Tables tables, Optional<Normalisation> norm, float dropout, int site) {
        this.tables = tables;
        this.norm = norm;
        this.dropout = dropout;
        this.site = site;
    }

    /**
     * @param tokens one row per token
     * @param positions one row per position, where positions are learned
     * @param types one row per token type, where there are any
     */
    public record Tables(TokenTable tokens, Optional<TokenTable> positions, Optional<TokenTable> types) {}

    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>(List.of(tables.tokens().weight()));
        tables.positions().ifPresent(table -> weights.add(table.weight()));
        tables.types().ifPresent(table -> weights.add(table.weight()));
        norm.ifPresent(layer -> weights.addAll(layer.weights()));
        return weights;
    }

    public void forward(Pass pass, Rows rows, TokenBatch batch, Tensor output) {
        Backend backend = pass.backend();
        Tensor sum = norm.isPresent() ? pass.take(rows.count(), output.columns()) : output;
        backend.gatherRows(tables.tokens().weight().tensor(), batch.tokens(), sum);
        if (tables.positions().isPresent()) {
            backend.addGatheredRows(tables.positions().get().weight().tensor(), rows.positions(), sum);
        }
        tables.types().ifPresent(table -> addTypes(backend, table.weight().tensor(), batch, sum));
        norm.ifPresent(layer -> layer.forward(pass, sum, output));
        pass.dropout(dropout, site, rows, output);
        pass.tap("embeddings", "", output);
    }

    /**
     * Hands the gradients of the weights to the pass.
     *
     * @param gradient of the output, [rows, hidden]; overwritten
     * @param tied the second use of the token table, if it had one
     */
    public void backward(Pass pass, Rows rows, TokenBatch batch, Tensor gradient, Optional<TokenTable.TiedUse> tied) {
        pass.dropout(dropout, site, rows, gradient);
        Tensor sum = gradient;
        if (norm.isPresent()) {
            norm.get().gradients(pass, rows, gradient);
            sum = pass.take(rows.count(), gradient.columns());
            norm.get().inputGradient(pass, gradient, sum);
        }
        if (tables.types().isPresent() && batch.typeIds().length == 0) {
            tables.types().get().firstRowGradient(pass, rows, sum);
        } else if (tables.types().isPresent()) {
            tables.types().get().gradient(pass, rows, batch.typeIds(), sum);
        }
        if (tables.positions().isPresent()) {
            tables.positions().get().gradient(pass, rows, rows.positions(), sum);
        }
        if (tied.isPresent()) {
            tables.tokens().tiedGradient(pass, rows, batch.tokens(), sum, tied.get());
        } else {
            tables.tokens().gradient(pass, rows, batch.tokens(), sum);
        }
    }

    /** No types at all means that every token is of the first. */
    private static void addTypes(Backend backend, Tensor types, TokenBatch batch, Tensor sum) {
        if (batch.typeIds().length == 0) {
            backend.addBias(backend.rows(types, 0, 1), sum, sum);
        } else {
            backend.addGatheredRows(types, batch.typeIds(), sum);
        }
    }
}

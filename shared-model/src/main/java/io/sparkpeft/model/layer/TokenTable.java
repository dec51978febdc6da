package io.sparkpeft.model.layer;

import io.sparkpeft.compute.Arena;
import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import io.sparkpeft.param.MaskBlock;
import java.util.Arrays;
import java.util.Optional;

/**
 * A lookup table with one row per token, position or token type. Its gradient has rows for the ids that were looked up
 * only.
 */
public final class TokenTable {
    private static final int[] FIRST_ROW = {0};

    private final Weight weight;
    /** Grow to the largest batch, and stay. */
    private int[] touched = new int[0];

    private int[] places = new int[0];

    /** @param weight [ids, hidden] */
    public TokenTable(Weight weight) {
        this.weight = weight;
    }

    public Weight weight() {
        return weight;
    }

    void gradient(Pass pass, Rows rows, int[] ids, Tensor gradient) {
        if (!pass.sink().wants(weight.index())) {
            return;
        }
        if (!pass.sink().perExample()) {
            touchedRows(pass, -1, ids, new Span(0, rows.count()), gradient);
            return;
        }
        for (int s = 0; s < rows.sequences(); s++) {
            touchedRows(pass, s, ids, Span.of(rows, s), gradient);
        }
    }

    /** The gradient where every row looked up the first entry. */
    void firstRowGradient(Pass pass, Rows rows, Tensor gradient) {
        if (!pass.sink().wants(weight.index())) {
            return;
        }
        boolean perExample = pass.sink().perExample();
        Arena.Mark mark = pass.arena().mark();
        Tensor sum = pass.take(1, weight.columns());
        for (int s = perExample ? 0 : -1; s < (perExample ? rows.sequences() : 0); s++) {
            Span span = perExample ? Span.of(rows, s) : new Span(0, rows.count());
            pass.backend().sumRows(pass.backend().rows(gradient, span.from(), span.count()), sum);
            pass.sink().acceptRows(weight.index(), s, FIRST_ROW, sum);
        }
        pass.arena().release(mark);
    }

    private void touchedRows(Pass pass, int example, int[] ids, Span span, Tensor gradient) {
        int count = distinct(ids, span);
        for (int r = 0; r < span.count(); r++) {
            places[r] = Arrays.binarySearch(touched, 0, count, ids[span.from() + r]);
        }
        Arena.Mark mark = pass.arena().mark();
        Tensor sums = pass.arena().takeZeros(count, weight.columns());
        pass.backend().scatterAddRows(pass.backend().rows(gradient, span.from(), span.count()), places, sums);
        pass.sink().acceptRows(weight.index(), example, touched, sums);
        pass.arena().release(mark);
    }

    /** Writes the ids of a span to {@link #touched}, ascending, each once, and returns how many there are. */
    private int distinct(int[] ids, Span span) {
        int length = span.count();
        if (touched.length < length) {
            touched = new int[length];
            places = new int[length];
        }
        System.arraycopy(ids, span.from(), touched, 0, length);
        Arrays.sort(touched, 0, length);
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (i == 0 || touched[i] != touched[i - 1]) {
                touched[count++] = touched[i];
            }
        }
        return count;
    }

    /**
     * The gradient of a table that is the weight of the language-model head too: the sum of both uses, for all rows and
     * columns that anybody needs.
     *
     * @param gradient of the rows that were looked up
     */
    void tiedGradient(Pass pass, Rows rows, int[] ids, Tensor gradient, TiedUse tied) {
        if (!pass.sink().wants(weight.index())) {
            return;
        }
        Optional<MaskBlock> block = pass.block(weight);
        if (block.isPresent()) {
            tiedBlock(pass, block.get(), ids, gradient, tied);
            return;
        }
        if (!pass.sink().perExample()) {
            tiedSum(pass, -1, new Span(0, rows.count()), new Span(0, tied.rows().count()), ids, gradient, tied);
            return;
        }
        for (int s = 0; s < rows.sequences(); s++) {
            tiedSum(pass, s, Span.of(rows, s), Span.of(tied.rows(), s), ids, gradient, tied);
        }
    }

    private void tiedBlock(Pass pass, MaskBlock block, int[] ids, Tensor gradient, TiedUse tied) {
        Backend backend = pass.backend();
        Arena.Mark mark = pass.arena().mark();
        Tensor sum = pass.product(block, tied.logitsGradient(), tied.input());
        int[] places = new int[ids.length];
        int[] positions = new int[ids.length];
        int count = 0;
        for (int r = 0; r < ids.length; r++) {
            int place = Arrays.binarySearch(block.rows(), ids[r]);
            if (place >= 0) {
                positions[count] = r;
                places[count++] = place;
            }
        }
        Tensor looked = pass.take(count, gradient.columns());
        backend.gatherRows(gradient, positions, looked);
        backend.scatterAddRows(pass.columns(looked, block.columns()), places, sum);
        pass.sink().acceptBlock(weight.index(), sum);
        pass.arena().release(mark);
    }

    private void tiedSum(Pass pass, int example, Span looked, Span used, int[] ids, Tensor gradient, TiedUse tied) {
        Backend backend = pass.backend();
        Arena.Mark mark = pass.arena().mark();
        Tensor sum = pass.take(weight.rows(), weight.columns());
        if (used.count() > 0) {
            Tensor logits = backend.rows(tied.logitsGradient(), used.from(), used.count());
            Tensor input = backend.rows(tied.input(), used.from(), used.count());
            backend.gemm(true, false, 1f, logits, input, 0f, sum);
        } else {
            backend.fill(sum, 0f);
        }
        int[] span = Arrays.copyOfRange(ids, looked.from(), looked.from() + looked.count());
        backend.scatterAddRows(backend.rows(gradient, looked.from(), looked.count()), span, sum);
        pass.sink().accept(weight.index(), example, sum);
        pass.arena().release(mark);
    }

    private record Span(int from, int count) {
        static Span of(Rows rows, int sequence) {
            int from = rows.bounds()[sequence];
            return new Span(from, rows.bounds()[sequence + 1] - from);
        }
    }

    /**
     * The second use of a tied table.
     *
     * @param rows that the head saw
     * @param input of the head's output layer
     * @param logitsGradient gradient of what that layer gave
     */
    public record TiedUse(Rows rows, Tensor input, Tensor logitsGradient) {}
}

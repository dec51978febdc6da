package io.sparkpeft.compute.cpu.kernel;

import io.sparkpeft.compute.argument.AttentionSpec;
import io.sparkpeft.compute.argument.Dropout;

/**
 * The scores of one head of one sequence: matrices [queries, keys] without gaps. One object is moved from head to head,
 * so that none of them leaves garbage.
 */
public final class ScoreBlock {
    private final AttentionSpec spec;
    private final float scale;
    private int sequence;
    private int head;
    private Part probabilities;
    private Part dropped;
    private Part gradients;

    public ScoreBlock(AttentionSpec spec, Memory any) {
        this.spec = spec;
        this.scale = (float) (1 / Math.sqrt(spec.headSize()));
        this.probabilities = new Part(any);
        this.dropped = new Part(any);
        this.gradients = new Part(any);
    }

    /** Where one of the matrices lies. */
    public static final class Part {
        private Memory memory;
        private int start;

        private Part(Memory any) {
            this.memory = any;
        }

        public void at(Memory newMemory, int newStart) {
            memory = newMemory;
            start = newStart;
        }

        public Memory memory() {
            return memory;
        }

        public int start() {
            return start;
        }
    }

    /** Moves to a head of a sequence; the matrices are placed next. */
    public void move(int newSequence, int newHead) {
        sequence = newSequence;
        head = newHead;
    }

    /** Scores that become probabilities. */
    public Part probabilities() {
        return probabilities;
    }

    /** Probabilities after dropout; the probabilities themselves where nothing is dropped. */
    public Part dropped() {
        return dropped;
    }

    /** Gradients of the probabilities after dropout, which become those of the scores. */
    public Part gradients() {
        return gradients;
    }

    public int head() {
        return head;
    }

    /** Number of queries. */
    public int rows() {
        return spec.queries(sequence);
    }

    /** Number of keys. */
    public int length() {
        return spec.length(sequence);
    }

    /** First row of the packed queries. */
    public int firstRow() {
        return spec.queries().offsets()[sequence];
    }

    /** Keys that the query of a row of the block sees. */
    public int visible(int row) {
        return spec.visible(sequence, firstRow() + row);
    }

    /** 1/√headSize. */
    public float scale() {
        return scale;
    }

    public Dropout dropout() {
        return spec.dropout();
    }

    /** The dropout key of the query of a row. */
    public long rowKey(int row) {
        return spec.dropout().rowKeys()[firstRow() + row];
    }

    /** The dropout column of the first key. */
    public int firstColumn() {
        return AttentionSpec.dropoutColumn(head, 0);
    }
}
